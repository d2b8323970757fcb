"""Writes what is made from the rules and the catalogue: docs/rules.md, docs/layers.md, the table in the README.

With --check, only says whether they are current.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from kshape_lint.catalogue import aliases, facts
from kshape_lint.libraries import api
from kshape_lint.libraries.keras.layers.opaque import OPAQUE
from kshape_lint.libraries.keras.objects import call_model_of
from kshape_lint.rules import Rule, all_rules

TOP = Path(__file__).parents[1]
FAMILIES = {
    "KSH0": "The tool itself",
    "KSH1": "Arrays and tensors",
    "KSH2": "Layers",
    "KSH3": "Data, model and loss at fit, evaluate, predict and call",
    "KSH4": "It runs, but not as meant",
    "KSH9": "Questions",
}
BEGIN, END = "<!-- the table of rules begins; docs/make.py writes it -->", "<!-- the table of rules ends -->"


def summary(rule: type[Rule]) -> str:
    """Return the first line of a rule's documentation."""
    return rule.documentation().partition("\n")[0]


def by_family() -> Iterator[tuple[str, list[type[Rule]]]]:
    """Yield the title and the rules of each family."""
    rules = all_rules()
    for prefix, title in FAMILIES.items():
        family = [rule for code, rule in rules.items() if code.startswith(prefix)]
        if family:
            yield title, family


def reference() -> str:
    """Return docs/rules.md."""
    out = ["# Rules", "", "Made from the rules' own texts; `kshape-lint rule CODE` shows the same.", ""]
    for title, rules in by_family():
        out += [f"- **{title}**: " + ", ".join(f"[{rule.code}](#{rule.code.lower()}-{rule.name})" for rule in rules)]
    for title, rules in by_family():
        out += ["", f"## {title}"]
        for rule in rules:
            text = rule.documentation().replace("\n## ", "\n#### ").rstrip()
            out += ["", f"### {rule.code} {rule.name}", "", f"*{rule.severity}*", "", text]
    return "\n".join(out) + "\n"


def table() -> str:
    """Return the README's table of codes."""
    out = ["| code | name | what it finds |", "|---|---|---|"]
    for title, rules in by_family():
        out.append(f"| | | **{title}** |")
        out += [f"| [{rule.code}](docs/rules.md#{rule.code.lower()}-{rule.name}) | {rule.name} | {summary(rule)} |" for rule in rules]
    return "\n".join(out)


LAYERS = """# Layers

Every public layer class of Keras {three} and tf_keras {two}: {classes} classes, {names} names. What each does to shapes is known, but for
the {opaque} whose row says why not. Made from the catalogue, which is read off the installed Keras.

| layer | Keras 3 | Keras 2 | other names | shapes |
|---|---|---|---|---|
"""


def layers() -> str:
    """Return docs/layers.md."""
    api.load("keras")
    root = "keras.layers."
    others: dict[str, list[str]] = {}
    for path, of in aliases().items():
        if path.startswith(root) and of.startswith(root):
            others.setdefault(of, []).append(path.removeprefix(root))
    paths = sorted({*facts(3).LAYERS, *facts(2).LAYERS})
    rows = []
    for path in paths:
        there = ["yes" if path in facts(major).LAYERS else "" for major in (3, 2)]
        known = "known" if call_model_of(path) is not None else f"not known: {OPAQUE[path]}"
        also = ", ".join(f"`{name}`" for name in sorted(others.get(path, [])))
        rows.append(f"| `{path.removeprefix(root)}` | {there[0]} | {there[1]} | {also} | {known} |")
    head = LAYERS.format(
        three=facts(3).VERSION,
        two=facts(2).VERSION,
        classes=len(paths),
        names=len(paths) + sum(len(others.get(path, [])) for path in paths),
        opaque=sum(path in OPAQUE for path in paths),
    )
    return head + "\n".join(rows) + "\n"


def made() -> dict[Path, str]:
    """Return what each file that holds made text must hold."""
    readme = (TOP / "README.md").read_text(encoding="utf-8")
    before, _, rest = readme.partition(BEGIN)
    after = rest.partition(END)[2]
    return {
        TOP / "docs" / "rules.md": reference(),
        TOP / "docs" / "layers.md": layers(),
        TOP / "README.md": f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}",
    }


def main() -> int:
    """Write the files, or check them."""
    stale = [path for path, text in made().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.relative_to(TOP)} is not current: run python docs/make.py")
        return bool(stale)
    for path in stale:
        path.write_text(made()[path], encoding="utf-8")
        print(f"wrote {path.relative_to(TOP)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
