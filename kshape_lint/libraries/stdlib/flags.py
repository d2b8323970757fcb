"""``absl.flags`` and ``absl.app``, TensorFlow's old ones too: options of the command line that the whole program shares."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, LibObj, Unknown, Value, fresh_unknown
from ...shapes import derived
from ..api import Raises, alias, call, host, models

_FLAGS, _HOLDER = "absl.flags.FLAGS", "absl.flags.FlagHolder"
for _name in ("tensorflow.app", "tensorflow.compat.v1.app"):
    alias(_name, "absl.app")
for _name in ("tensorflow.app.flags", "tensorflow.compat.v1.app.flags", "tensorflow.flags", "tensorflow.compat.v1.flags"):
    alias(_name, "absl.flags")


def _define(kind: str) -> None:
    @models(f"absl.flags.DEFINE_{kind}")
    def define(name: Value, default: Value = None, help: Value = None, *args: Value, **kwargs: Value) -> Value:
        """An option: a count that has a default is taken to be that, what only steers the program is left open."""
        key = ("flag", name if isinstance(name, str) else id(define), kind)
        value: Value = Unknown(key)
        if kind == "integer" and isinstance(default, int):
            value = default if default > 0 else derived(key, name) if isinstance(name, str) else value
        if isinstance(name, str):
            options = host().options
            options.put({**options.state, name: value})
        return LibObj(_HOLDER, (value,))


for _kind in ("integer", "float", "string", "boolean", "bool", "list", "enum", "multi_integer", "multi_string", "spaceseplist"):
    _define(_kind)


@models(f"{_HOLDER}.value", f"{_HOLDER}.default", kind="property")
def held(self: Value) -> Value:
    """The option's value."""
    return self.state[0] if isinstance(self.state, tuple) else UNKNOWN


@models(_FLAGS)
def parse(argv: Value = None, *args: Value, **kwargs: Value) -> Value:
    """Read the command line; what it left over is not known."""
    return fresh_unknown()


@models("absl.app.run")
def run(main: Value, argv: Value = None, *args: Value, **kwargs: Value) -> Value:
    """Call the program's main function, and end."""
    call(main, fresh_unknown())
    raise Raises("SystemExit")
