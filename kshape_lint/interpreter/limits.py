"""How far a run goes before it gives up, in steps and in depth."""

from __future__ import annotations

STEPS_AT_LEAST = 1_500
STEPS_A_LINE = 20
MANY_LINES = 1_500
STEPS_A_FURTHER_LINE = 5
MOST_LINES_COUNTED = 3_000
WRITES_A_STEP = 8
"""How many statements and calls a run may take, by the lines of code of its program and, up to so many,
of the modules that it imports, before it ends with what it has found. Of a long program each further line adds less: an editor waits.

Joining what the ways of a fork wrote costs too: so many writes count as a step, and so does a question asked of a value.
"""
STEPS_ALONE = 3_000
SHARE_ALONE = 4
"""A function that nothing calls may take so many steps, and at the least this part of those that are left: there are others."""
DEEPEST_CALLS = 24
DEEPEST_RECURSION = 6
MOST_RECURSION_STEPS = 600
"""How often a function may be under way at once, and after how many steps of the outermost call it calls itself no more."""
DEEPEST_FORKS = 5


def steps_for(lines: int) -> int:
    """Return how many steps a program of so many lines may take."""
    return STEPS_AT_LEAST + STEPS_A_LINE * min(lines, MANY_LINES) + STEPS_A_FURTHER_LINE * max(lines - MANY_LINES, 0)
