"""Makes findings of a run's reports: each once, with its place and its trail."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any

import libcst as cst

from ..findings import Finding, Place, Step
from ..shapes import show_shape
from ..syntax.places import places
from .mistakes import one_mistake
from .run import Report, Run
from .values import Array, Origin

LONGEST_TRAIL = 5
MOST_COMPARED = 100
"""With how many errors before it each is compared: all with all would take minutes where there are thousands."""


def findings_of(run: Run, module: cst.Module) -> list[Finding]:
    """Return the findings of a finished run in order of their places."""
    reports: dict[Any, Report] = {}
    errors: list[Report] = []
    for r in run.world.reports:
        key = (r.record.code, id(r.node))
        if key not in reports:
            if not _told_of(r, errors):
                reports[key] = r
            if r.record.severity == "error" and len(errors) < MOST_COMPARED:
                errors.append(r)
        elif r.always:
            reports[key] = _merged(reports[key], r)
    if not reports:
        return []
    wanted: dict[str, list[Any]] = {}
    for r in reports.values():
        wanted.setdefault(r.filename, []).append(r.node)
        if r.inner is not None:
            wanted.setdefault(r.inner[1], []).append(r.inner[0])
        if r.via is not None:
            wanted.setdefault(run.main, []).append(r.via)
        for _, array in r.blame:
            for o in _story(array):
                wanted.setdefault(o.filename or r.filename, []).append(o.node)
    where: dict[int, Place] = {}
    for filename, nodes in wanted.items():
        tree = module if filename == run.main else run.sources.get(filename)
        if tree is not None:
            where.update(places(tree, nodes))
    found = [_finding(r, where) for r in _each_once(reports.values(), where)]
    return sorted(found, key=lambda f: (f.filename != run.main, f.filename, f.place, f.code))


def _told_of(r: Report, told: list[Report]) -> bool:
    """Tell whether an error has the same cause as one before: one mistake is reported once."""
    return r.record.severity == "error" and any(one_mistake(r, e) for e in told)


def _each_once(reports: Iterable[Report], where: dict[int, Place]) -> Iterator[Report]:
    """Leave out a warning that says what another says of the same line, as of both products in ``y * log(p) + (1 - y) * log(1 - p)``."""
    told: set[tuple[str, int | None, int, str]] = set()
    for r in reports:
        if r.record.severity == "warning":
            place = _place(r.node, where)
            key = (r.filename, place.cell, place.row, r.record.message())
            if key in told:
                continue
            told.add(key)
        yield r


def _merged(a: Report, b: Report) -> Report:
    from ..rules.tool import RevealedShape

    shape = _merge_json(a.shape, b.shape)
    if shape == a.shape:
        return a
    return Report(RevealedShape(_show_json(shape)), a.node, a.filename, (), True, shape)


def _merge_json(a: Any, b: Any) -> Any:
    if a == b:
        return a
    if not isinstance(a, list) or not isinstance(b, list) or len(a) != len(b):
        return None
    if any(isinstance(x, list) for x in (*a, *b)):
        return [_merge_json(x, y) for x, y in zip(a, b)]
    return [x if x == y else "?" for x, y in zip(a, b)]


def _show_json(shape: Any) -> str:
    if shape is None:
        return "unknown"
    if any(isinstance(s, list) for s in shape):
        return f"[{', '.join(_show_json(s) for s in shape)}]"
    parts = [str(d) for d in shape]
    return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"


def _place(node: Any, where: dict[int, Place]) -> Place:
    place = where.get(id(node))
    return Place(1, 1, 1, 1) if place is None else place


def _story(array: Array) -> list[Origin]:
    """Return the steps by which an array got its shape, latest first."""
    out: list[Origin] = []
    pending = [array.origin] if array.origin is not None else []
    while pending and len(out) < LONGEST_TRAIL:
        origin = pending.pop(0)
        if all(origin is not o for o in out):
            out.append(origin)
            pending.extend(origin.before[:1])
    return out


def _finding(r: Report, where: dict[int, Place]) -> Finding:
    record = r.record
    place = _place(r.node, where)
    trail: list[Step] = []
    second = ""
    if r.inner is not None:
        trail.append(Step("what fails in the function that is traced", r.inner[1], _place(r.inner[0], where)))
    for name, array in r.blame:
        story = _story(array)
        subject = f"{name} is " if name else ""
        if name and len(story) > 1 and story[0].text == name:
            # ``x[0]`` comes from ``x[0]``: what x is says more.
            subject += f"{show_shape(story[0].shape)}, of "
            story = story[1:]
        for i, origin in enumerate(story):
            at = _place(origin.node, where)
            text = f"{subject if i == 0 else ''}{show_shape(origin.shape)} from {origin.text}"
            if at == place and (origin.filename or r.filename) == r.filename:
                continue
            step = Step(text, origin.filename or r.filename, at)
            if step not in trail:
                trail.append(step)
                if not second and i == 0:
                    other = origin.filename and origin.filename != r.filename
                    second = f" ({text} on line {at.row}{f' of {os.path.basename(origin.filename)}' if other else ''})"
    return Finding(
        record.code,
        record.message() + (second if not r.always else ""),
        r.filename,
        place,
        record.severity,
        tuple(trail),
        record.help(),
        shape=r.shape,
        repro=r.repro,
        via=None if r.via is None else where.get(id(r.via)),
    )
