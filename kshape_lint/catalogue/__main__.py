"""``python -m kshape_lint.catalogue``: write the generated modules anew, or say what differs from the installed Keras."""

import sys

from .read import main

sys.exit(main())
