"""Objects of other libraries that answer NumPy's functions themselves: a Series gives a Series."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, DictObj, ListObj, Obj, SetObj, Value
from ..api import lookup, mro


def own_answer(name: str, *operands: Value, axis: Value = None) -> Value:
    """Return what NumPy's function `name` gives where an operand answers for itself, else unknown.

    A library says so with a model ``<class>.<numpy>`` of the function's name, its operands and the axis.
    """
    for value in operands:
        if isinstance(value, Obj) and not isinstance(value, (ListObj, DictObj, SetObj)):
            for path in mro(value.type_path):
                model = lookup(path + ".<numpy>")
                if model is not None:
                    return model.function(name, operands, axis)
    return UNKNOWN
