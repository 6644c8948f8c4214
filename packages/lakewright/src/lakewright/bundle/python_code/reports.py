"""What the code and `databricks-bundles` report, as findings."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lakewright.bundle.model.diagnostic import Location
from lakewright.bundle.model.draft import Draft
from lakewright.bundle.python_code.places import place_of
from lakewright.bundle.python_code.section import PythonSection
from lakewright.bundle.python_code.tracebacks import Raised, read_traceback
from lakewright.bundle.rules.python_code.python_code_failed import PythonCodeFailed
from lakewright.bundle.rules.python_code.reported_by_python_code import ReportedByPythonCode
from lakewright.wheels.names import install_line

_NO_MODULE = re.compile(r"No module named '([\w.]+)'")
_WRONG_RESULT = re.compile(r"^it returns .*, no (\w+)$")  # of the driver
_UNKNOWN_FIELD = re.compile(r"Unexpected field '(\w+)'")


@dataclass(frozen=True)
class Reports:
    """The reports of one phase.

    Attributes:
        draft: The draft that gets the findings.
        section: The section that names the code.
        pip: The pip of the interpreter: `python3 -m pip`.
        version: The version of `databricks-bundles`; empty if it is unknown.
    """

    draft: Draft
    section: PythonSection
    pip: str
    version: str

    def add_all(self, file: Path) -> bool:
        """Add a finding for each report in a file; return whether one is an error."""
        if not file.is_file():
            return False
        failed = False
        for line in filter(str.strip, file.read_text(encoding="utf-8", errors="replace").split("\n")):
            try:
                report = json.loads(line)
            except ValueError:
                continue  # the process was ended while it wrote
            if not isinstance(report, dict):
                continue
            failed |= report.get("severity") != "warning"
            self._add(report)
        return failed

    def add_crash(self, text: str) -> bool:
        """Add a finding for a traceback that the process has printed at its end; return whether there was one."""
        raised = self._raised(text)
        if not raised.kind:
            return False
        self._add_exception("the bundle's Python code fails", raised, None, self.section.path)
        return True

    def _add(self, report: dict[str, Any]) -> None:
        summary, detail = str(report.get("summary") or ""), str(report.get("detail") or "")
        place = place_of(report.get("location") or {}, self.draft.root)
        path = str(report.get("path") or "")
        raised = self._raised(detail)
        if raised.kind:
            self._add_exception(summary, raised, place, path)
            return
        self.draft.add(
            ReportedByPythonCode.of(
                "warning" if report.get("severity") == "warning" else "error",
                summary,
                detail=detail or None,
                place=place or self._named(summary),
                path=path or self.section.path,
                fix="correct the code, or what it reports about",
            )
        )

    def _raised(self, text: str) -> Raised:
        venv = self.draft.root / self.section.venv_path if self.section.venv_path else None
        return read_traceback(text, self.draft.root, venv)

    def _add_exception(self, summary: str, raised: Raised, place: Location | None, path: str) -> None:
        lines = [*raised.frames, *raised.message.split("\n")[1:], *raised.explanation.splitlines()]
        in_yaml = self.draft.place(path) if path.startswith("resources.") else None
        where = raised.place or place or in_yaml
        self.draft.add(
            PythonCodeFailed.of_exception(
                f"{summary}: {raised.headline}",
                detail="\n".join(lines).strip() or None,
                place=where or self._named(summary),
                path=path or self.section.path,
                fix=self._fix(raised, where),
            )
        )

    def _fix(self, raised: Raised, where: Location | None) -> str:
        root = self.draft.root
        if found := _NO_MODULE.search(raised.message):
            module = found[1]
            if any(
                name.partition(":")[0].split(".")[0] == module.split(".")[0]
                for name in self.section.functions
            ):
                return (
                    f"create {module.replace('.', '/')}.py in {root.name}/, or correct `{self.section.path}`"
                )
            return f"install it where the code runs: {install_line([module.split('.')[0]], tool=self.pip)}"
        if (found := _UNKNOWN_FIELD.search(raised.message)) and self.version:
            upgrade = f"{self.pip} install -U databricks-bundles"
            return f"correct the field `{found[1]}`; if the CLI knows it, databricks-bundles {self.version} is too old: `{upgrade}`"
        if found := _WRONG_RESULT.search(raised.message):
            return f"end the mutator with `return {found[1].lower()}`, in every branch"
        if where is None:
            return f"look at what the functions of `{self.section.path}` return: the traceback names no line of the project"
        file = where.file.relative_to(root) if where.file.is_relative_to(root) else where.file
        return f"correct {file.as_posix()}:{where.line}"

    def _named(self, summary: str) -> Location | None:
        """Return the place of the entry in the section that a summary names."""
        section = self.draft.tree.get(*self.section.path.split("."))
        for field in ("resources", "mutators"):
            for element in section.elements(field) if section else ():
                module, _, name = str(element.value).partition(":")
                if f"'{module}'" in summary or f"'{name}'" in summary or f"'{element.value}'" in summary:
                    return element.location
        return self.draft.place(self.section.path)
