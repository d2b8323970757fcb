"""``python -m kshape_lint``."""

import sys

from .faces.cli import main

if __name__ == "__main__":
    sys.exit(main())
