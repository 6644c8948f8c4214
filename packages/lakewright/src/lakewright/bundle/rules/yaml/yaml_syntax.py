"""LW102: A file is not valid YAML."""

import re
from pathlib import Path

import yaml

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class YamlSyntax(Rule):
    """A file is not valid YAML.

    ## What it does

    Reports the first place in a file that the YAML parser cannot read. Common causes are wrong indentation, tabs,
    control characters, and quotes or brackets that are not closed.

    ## Why is this bad?

    The file is not loaded, so its jobs and variables are missing from the bundle.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {name: Load: daily}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {name: "Load: daily"}}}
    ```
    """

    code = "LW102"
    name = "yaml-syntax"
    severity = "error"

    @classmethod
    def of(cls, file: Path, text: str, error: yaml.YAMLError) -> Diagnostic:
        """Return the finding for a file, its text, and the parser's error."""
        if isinstance(error, yaml.reader.ReaderError):
            return cls._control_character(file, text, error)
        mark = getattr(error, "problem_mark", None)
        location = Location(file, mark.line + 1, mark.column + 1) if mark else Location(file, 1, 1)
        problem = getattr(error, "problem", None) or str(error)
        lines = ["", *text.splitlines()]
        line = lines[location.line] if location.line < len(lines) else ""
        above = lines[location.line - 1] if location.line <= len(lines) else ""
        return cls.finding(
            f"YAML syntax error: {problem}",
            detail=getattr(error, "context", None),
            location=location,
            fix=_fix(problem, line, above),
        )

    @classmethod
    def _control_character(cls, file: Path, text: str, error: yaml.reader.ReaderError) -> Diagnostic:
        above = text[: error.position].split("\n")
        code = error.character if isinstance(error.character, int) else ord(error.character)
        return cls.finding(
            f"YAML syntax error: the control character #x{code:02x} is not allowed",
            location=Location(file, len(above), len(above[-1]) + 1),
            fix='remove it, or write it as an escape in a quoted value: `"\\x07"`',
        )


def _fix(problem: str, line: str, above: str) -> str:  # noqa: PLR0911 - one return for each common mistake
    if "\t" in line[: len(line) - len(line.lstrip())] or "\\t" in problem:
        return "indent with spaces: YAML does not allow tabs"
    if "unknown escape character" in problem:
        return (
            "a backslash between double quotes begins an escape: write slashes in paths, or use single quotes"
        )
    if "mapping values are not allowed" in problem:
        return "quote a value that holds `: `, or check the indentation of this line and the one above"
    if line.lstrip().startswith(("{{", "${", "*", "&", "@", "%", "`")) or re.search(
        r":\s*(\{\{|@|%|`)", line
    ):
        return 'quote the value: `"{{…}}"` and values that begin with @, %, * or a backtick need quotes'
    if "did not find expected key" in problem or "block mapping" in problem or "block end" in problem:
        return "align this line with its neighbours: keys of one mapping start in the same column"
    if "flow" in problem or line.count("[") != line.count("]") or above.count("[") != above.count("]"):
        return "close the bracket that was opened before this place"
    if "quoted scalar" in problem or "end of stream" in problem:
        return "close the quote that was opened before this place"
    return "check the indentation, quotes and brackets at this place"
