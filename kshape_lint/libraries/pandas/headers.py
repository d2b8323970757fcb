"""The first lines of a text file with a table, read as pandas reads them: which columns there are."""

from __future__ import annotations

import re

from ...interpreter.values import Value
from ...records import record

HARMLESS = frozenset((
    "cache_dates", "date_format", "date_parser", "dayfirst", "decimal", "delim_whitespace", "dtype_backend", "encoding", "engine",
    "false_values", "infer_datetime_format", "keep_date_col", "keep_default_na", "low_memory", "memory_map", "na_filter", "na_values",
    "skip_blank_lines", "skipfooter", "skipinitialspace", "skiprows", "thousands", "true_values", "verbose", "comment", "parse_dates",
    "on_bad_lines", "error_bad_lines", "warn_bad_lines", "quotechar",
))  # fmt: skip
"""Options with which the columns are those of the lines, or that are heeded here."""


@record
class FirstLines:
    """What the first lines of a table tell. `labelled` says that the rows begin with a label that no column has."""

    columns: tuple[Value, ...]
    labelled: bool


def first_lines(text: str, whole: bool, sep: Value, header: Value, options: dict[str, Value]) -> FirstLines | None:
    """Return the columns of a table, None where the text or an option leaves them open. `whole` says that the text is all of the file."""
    if options.keys() - HARMLESS or options.get("skip_blank_lines", True) is not True:
        return None
    if options.get("encoding") not in (None, "utf-8", "utf8", "utf-8-sig", "ascii"):
        return None
    if isinstance(options.get("parse_dates"), (dict,)) or options.get("quotechar", '"') != '"':
        return None
    spaces = options.get("delim_whitespace", False)
    if spaces is True or sep in (r"\s+", " +", r"\s*"):
        sep = None
    elif spaces is not False or not isinstance(sep, str) or len(sep) != 1 or sep in "\"'":
        return None
    lines = _lines(text, options)
    if lines is None:
        return None
    if header == "infer":
        header = 0
    if header is not None and (isinstance(header, bool) or not isinstance(header, int) or header < 0):
        return None
    rows = _rows(lines, sep, bool(options.get("skipinitialspace", False)))
    if rows is None:
        return None
    if header is None:
        return FirstLines(tuple(range(len(rows[0]))), False) if rows and (len(rows) > 1 or whole) else None
    if len(rows) <= header:
        return None
    names, below = rows[header], rows[header + 1 :]
    if not below:
        # Whether rows have a label of their own, only a row can tell.
        return FirstLines(_told_apart(names), False) if whole else None
    extra = len(below[0]) - len(names)
    if extra not in (0, 1):
        # Fewer fields are filled up; two more and the rows have labels of two parts.
        return FirstLines(_told_apart(names), False) if extra < 0 else None
    if extra == 1 and below[0][-1] == "" and all(row[-1] == "" for row in below):
        # A separator at each line's end makes a column without a name; pandas decides by all the lines.
        return None
    return FirstLines(_told_apart(names), extra == 1)


def _lines(text: str, options: dict[str, Value]) -> list[str] | None:
    lines = text.split("\n")
    skipped = options.get("skiprows")
    if isinstance(skipped, int) and not isinstance(skipped, bool) and skipped >= 0:
        lines = lines[skipped:]
    elif skipped is not None:
        return None
    comment = options.get("comment")
    if comment is not None:
        if not isinstance(comment, str) or len(comment) != 1 or any('"' in line for line in lines[:50]):
            return None
        lines = [line.split(comment)[0] for line in lines if not line.startswith(comment)]
    return [line for line in lines[:200] if line.strip()]


def _rows(lines: list[str], sep: str | None, trimmed: bool) -> list[list[str]] | None:
    """Split the first lines into fields; None where quotes leave open where one ends."""
    if sep is None:
        return None if any('"' in line for line in lines[:20]) else [re.split(r"\s+", line.strip()) for line in lines[:20]]
    import csv

    try:
        rows = []
        for row in csv.reader(lines[:60], delimiter=sep, skipinitialspace=trimmed):
            rows.append(row)
            if len(rows) == 20:
                break
        return rows
    except csv.Error:
        return None


def _told_apart(names: list[str]) -> tuple[str, ...]:
    """Return the names as pandas makes them: those that are empty numbered, those that come again told apart."""
    out: list[str] = []
    counts: dict[str, int] = {}
    for i, name in enumerate(names):
        name = name or f"Unnamed: {i}"
        count = counts.get(name, 0)
        made = name
        while made in out or (count and made in names and made != name):
            count += 1
            made = f"{name}.{count}"
        counts[name] = count
        out.append(made)
    return tuple(out)
