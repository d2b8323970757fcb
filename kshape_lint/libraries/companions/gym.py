"""Gym and Gymnasium: how many numbers an observation has and how many actions there are, for the classic environments by name."""

from __future__ import annotations

from ...interpreter.values import UNKNOWN, LibObj, Value
from ..api import alias, fresh, models

ENV = "gym.Env"
SPACE = "gym.Space"
SHAPE = "gym.<shape>"
alias("gymnasium", "gym")

KNOWN: dict[str, tuple[tuple[int, ...], tuple[int, ...], int | None]] = {
    "CartPole": ((4,), (), 2),
    "MountainCar": ((2,), (), 3),
    "MountainCarContinuous": ((2,), (1,), None),
    "Acrobot": ((6,), (), 3),
    "Pendulum": ((3,), (1,), None),
    "LunarLander": ((8,), (), 4),
    "LunarLanderContinuous": ((8,), (2,), None),
}
"""The shape of an observation, of an action, and the number of actions where they are numbered."""


@models("gym.make")
def make(id: Value, *args: Value, **kwargs: Value) -> Value:
    """An environment, by its name."""
    name = id.rpartition("-v")[0] if isinstance(id, str) else ""
    return LibObj(ENV, KNOWN.get(name) if not args and not kwargs.keys() - {"render_mode"} else None)


@models(f"{ENV}.unwrapped", kind="property")
def unwrapped(self: Value) -> Value:
    """The same environment."""
    return self


@models(f"{ENV}.observation_space", kind="property")
def observation_space(self: Value) -> Value:
    """What observations are like."""
    known = self.state
    return LibObj(SPACE, (known[0], None) if known is not None else (None, None))


@models(f"{ENV}.action_space", kind="property")
def action_space(self: Value) -> Value:
    """What actions are like."""
    known = self.state
    return LibObj(SPACE, (known[1], known[2]) if known is not None else (None, None))


@models(f"{SPACE}.shape", kind="property")
def shape(self: Value) -> Value:
    """The shape of an observation or action."""
    known = self.state[0]
    return known if known is not None else LibObj(SHAPE)


@models(f"{SHAPE}.__getitem__")
def length(self: Value, index: Value) -> Value:
    """One of its lengths."""
    return fresh("n") if isinstance(index, int) else UNKNOWN


@models(f"{SPACE}.n", kind="property")
def count(self: Value) -> Value:
    """How many actions there are."""
    known = self.state[1]
    return known if known is not None else fresh("actions")
