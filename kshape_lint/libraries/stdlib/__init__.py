"""Python's standard library, as far as shapes pass through it; and libraries that only look at what they are given."""

from . import arguments, binary, collecting, flags, functional, iterating, numbers, storing, system, textfiles

__all__ = ["arguments", "binary", "collecting", "flags", "functional", "iterating", "numbers", "storing", "system", "textfiles"]
