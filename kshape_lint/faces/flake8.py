"""The flake8 plugin.

flake8 imports this module in every process of every run, so it must cost nothing: whatever is heavy is imported
when a file turns out to be of interest. An exception out of `Plugin.run` would end the whole flake8 run and lose the
findings of every file, so none leaves it.
"""

from __future__ import annotations

from .. import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from flake8.options.manager import OptionManager

MAJORS = {"3": (3,), "2": (2,), "both": (3, 2)}
"""What the option for the Keras major may say, and the majors it means."""


class Plugin:
    """Checks one file for flake8, which chooses what to pass by the names of the parameters."""

    name = "kshape_lint"
    version = __version__
    majors: tuple[int, ...] = ()
    data_roots: tuple[str, ...] | None = ()

    def __init__(self, tree: object, lines: list[str], filename: str = "(none)") -> None:
        # `tree` makes flake8 run the plugin once a file; other plugins mutate it, so we parse the text ourselves.
        self.lines = lines
        self.filename = filename

    @classmethod
    def add_options(cls, parser: OptionManager) -> None:
        """Declare our options."""
        parser.add_option(
            "--ksh-keras",
            default=None,
            choices=tuple(MAJORS),
            parse_from_config=True,
            help="The Keras major whose behaviour counts: 3, 2 or both; by default what the script or its project tells, else 3.",
        )
        parser.add_option(
            "--ksh-data-roots",
            default="",
            comma_separated_list=True,
            normalize_paths=True,
            parse_from_config=True,
            help="Further folders in which data files lie that scripts read, beside the script's own and the working directory.",
        )
        parser.add_option(
            "--ksh-no-data-files",
            action="store_true",
            default=False,
            parse_from_config=True,
            help="Do not look into the data files that scripts read, not even at their headers.",
        )

    @classmethod
    def parse_options(cls, options: argparse.Namespace) -> None:
        """Take what the user said."""
        if options.ksh_keras is not None and str(options.ksh_keras) not in MAJORS:
            # flake8 holds what stands on its command line against the choices, but not what stands in a configuration.
            from flake8.exceptions import ExecutionError

            raise ExecutionError(f"ksh-keras: expected 3, 2 or both, not {options.ksh_keras!r}")
        cls.majors = MAJORS.get(str(options.ksh_keras), ())
        cls.data_roots = None if options.ksh_no_data_files else tuple(options.ksh_data_roots)

    def run(self) -> Iterator[tuple[int, int, str, type[Plugin]]]:
        """Yield the findings of the file: row, column from 0, text, ourselves."""
        try:
            text = "".join(self.lines)
            from ..gate import wanted

            if not wanted(text, self.filename):
                return
            from .examine import examine, here
            from .majors import inferred

            majors = self.majors or inferred(text, self.filename)
            findings = [here(finding, self.filename) for finding in examine(text, self.filename, majors, self.data_roots).findings]
            found = [(f.place.row, max(0, f.place.column - 1), f"{f.code} {_one_line(f.message)}") for f in findings]
        except Exception as error:
            found = [(1, 0, _one_line(f"KSH000 could not check this file: {type(error).__name__}: {error}"))]
        for row, column, said in found:
            yield row, column, said, type(self)


def _one_line(text: str) -> str:
    return " ".join(text.split())
