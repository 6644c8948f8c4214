"""Running a bundle's Python code at the place in the load where the Databricks CLI runs it: after mode, presets and permissions.

Source: https://github.com/databricks/cli/blob/main/bundle/phases/initialize.go and
bundle/config/mutator/python/python_mutator.go
"""

import json
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from lakewright.bundle.model.diagnostic import Location, Severity
from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.tree import Node, Plain
from lakewright.bundle.paths.translate import make_paths_relative_to_root
from lakewright.bundle.python_code.changes import Changes
from lakewright.bundle.python_code.hosting import Answer, host_of, shared_hosts
from lakewright.bundle.python_code.input import phase_input, with_hidden
from lakewright.bundle.python_code.interpreter import Interpreter, find_interpreter, install_library
from lakewright.bundle.python_code.places import read_places
from lakewright.bundle.python_code.preparing import prepare_added, prepare_updated
from lakewright.bundle.python_code.reports import Reports
from lakewright.bundle.python_code.section import RESTRICTED, PythonSection, copy_to_old_name, read_section
from lakewright.bundle.python_code.tracebacks import read_stack
from lakewright.bundle.reading.comments import comments_of_python
from lakewright.bundle.resolving.kept_references import check_kept_references
from lakewright.bundle.rules.files.python_resources_not_loaded import PythonResourcesNotLoaded
from lakewright.bundle.rules.python_code.python_change_not_allowed import PythonChangeNotAllowed
from lakewright.bundle.rules.python_code.python_code_failed import PythonCodeFailed
from lakewright.bundle.rules.python_code.python_code_too_slow import PythonCodeTooSlow

_SECONDS = 60.0
_LONGEST = 86_400.0
_LIMIT = "LAKEWRIGHT_PYTHON_SECONDS"
_LOAD, _MUTATE = "load_resources", "apply_mutators"


def start_python(draft: Draft) -> None:
    """Start the process of the bundle's code, which needs half a second; meanwhile the load goes on."""
    section = read_section(draft)
    if section is None or not draft.runs_python or RESTRICTED in draft.environ:
        return
    interpreter = find_interpreter(draft.root, section.venv_path, draft.environ)
    if interpreter.program is not None:
        with suppress(OSError):  # reported when the code is to run
            host_of(interpreter.program, draft.root, draft.environ).start()


def apply_python(draft: Draft) -> None:
    """Run the bundle's Python code, and lay what it returns over the resources.

    Args:
        draft: A draft whose resources of YAML files are prepared.
    """
    copy_to_old_name(draft)
    section = read_section(draft)
    if section is None:
        return
    interpreter = _usable(draft, section)
    if interpreter is None or interpreter.program is None:
        return
    make_paths_relative_to_root(draft)
    with shared_hosts(), tempfile.TemporaryDirectory(prefix="lakewright-python-") as folder:
        run = _Run(draft, section, interpreter, Path(folder))
        if run.both():
            draft.python_executed = True
            check_kept_references(draft)


def _usable(draft: Draft, section: PythonSection) -> Interpreter | None:
    """Return the interpreter for the code; None if the code cannot or may not run, which is reported."""

    def leave_out(why: str, severity: Severity, fix: str) -> None:
        draft.add(
            PythonResourcesNotLoaded.of(section.functions, why, severity=severity, path=section.path, fix=fix)
        )

    if not draft.runs_python:
        leave_out(
            "this command executes no code of the bundle", "warning", "`lakewright validate` executes it"
        )
        return None
    if RESTRICTED in draft.environ:
        leave_out(f"{RESTRICTED} is set", "warning", f"if you trust the code: `unset {RESTRICTED}`")
        return None
    if draft.has_errors:
        leave_out("the bundle has errors that come first", "warning", "fix the errors")
        return None
    interpreter = find_interpreter(draft.root, section.venv_path, draft.environ)
    if interpreter.program is None:
        leave_out(interpreter.problem, _severity(draft), interpreter.fix)
        return None
    return interpreter


def _severity(draft: Draft) -> Severity:
    """Return how bad it is that code cannot run: a deployment would fail; a local run still has the jobs in YAML."""
    return "warning" if draft.local is not None else "error"


@dataclass
class _Run:
    """The phases of one load."""

    draft: Draft
    section: PythonSection
    interpreter: Interpreter
    folder: Path

    def both(self) -> bool:
        """Run both phases; return whether both have a result.

        A phase without functions of its own changes nothing, but the second one checks all resources by the types of the library.
        """
        if self.section.resources and not self._phase(_LOAD):
            return False
        return self._phase(_MUTATE)

    def _phase(self, phase: str) -> bool:
        folder = self.folder / phase
        folder.mkdir()
        given = json.dumps(phase_input(self.draft), default=str, ensure_ascii=False)
        (folder / "input.json").write_text(given, encoding="utf-8")
        answer = self._ask(phase, folder)
        if answer is None or not self._succeeded(answer, phase, folder):
            return False
        try:
            places = read_places(folder / "locations.json", self.draft.root)
            output = json.loads((folder / "output.json").read_text(encoding="utf-8"))
            if not isinstance(output, dict):
                raise ValueError(f"it is {type(output).__name__}, no object")  # noqa: TRY004, TRY301 - as broken JSON
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            self.draft.add(
                PythonCodeFailed.of_output(
                    f"{type(error).__name__}: {error}",
                    self._place,
                    self.section.path,
                    f"{self.interpreter.pip} install -U databricks-bundles",
                )
            )
            return False
        found = [comment for file in places.files for comment in comments_of_python(file)]
        self.draft.comments += [comment for comment in found if comment not in self.draft.comments]
        return self._accept(phase, json.loads(given), output, Changes(places, self._place))

    def _ask(self, phase: str, folder: Path) -> Answer | None:
        arguments = ["--phase", phase]
        for name in ("input", "output", "diagnostics", "locations"):
            arguments += [f"--{name}", str(folder / f"{name}.json")]
        assert self.interpreter.program is not None
        host = host_of(self.interpreter.program, self.draft.root, self.draft.environ)
        try:
            return host.run(
                arguments,
                output=folder / "stdout",
                errors=folder / "stderr",
                stack=folder / "stack",
                seconds=self._seconds,
            )
        except OSError as error:
            self._cannot_run(f"`{self.interpreter.asked}` cannot be executed: {error.strerror}")
            return None

    def _succeeded(self, answer: Answer, phase: str, folder: Path) -> bool:
        """Report what went wrong; return whether the phase has a result."""
        if answer.missing:
            self._cannot_run(f"`{self.interpreter.asked}` has no `databricks-bundles` ({answer.missing})")
            return False
        reports = Reports(self.draft, self.section, self.interpreter.pip, answer.version)
        said_why = reports.add_all(folder / "diagnostics.json")
        has_result = not answer.code and (folder / "output.json").is_file()
        if answer.too_slow:
            printed = _tail(folder / "stdout", folder / "stderr")
            stopped = read_stack(folder / "stack", self.draft.root, self._venv)
            self.draft.add(
                PythonCodeTooSlow.of(
                    self._seconds,
                    stopped.with_frames(printed),
                    stopped.place or self._place,
                    self.section.path,
                    function=stopped.function,
                )
            )
        elif not has_result and not said_why and not reports.add_crash(_tail(folder / "stderr")):
            self._report_end(answer, phase, folder)
        return has_result and not answer.too_slow and not said_why

    def _report_end(self, answer: Answer, phase: str, folder: Path) -> None:
        """Report a process that ended without a result and without saying why."""
        how = f"was killed by signal {-answer.code}" if answer.code < 0 else f"ended with code {answer.code}"
        modules = ", ".join(dict.fromkeys(name.partition(":")[0] for name in self.section.functions))
        stopped = read_stack(folder / "stack", self.draft.root, self._venv)
        inside = f" in `{stopped.function}`" if stopped.function else ""
        self.draft.add(
            PythonCodeFailed.of_end(
                f"{how}{inside} in the phase {phase}, without a result",
                stopped.with_frames(_tail(folder / "stdout", folder / "stderr")),
                stopped.place or self._place,
                self.section.path,
                f"{self.interpreter.asked} -c 'import {modules}'",
            )
        )

    def _accept(self, phase: str, given: Plain, output: Plain, changes: Changes) -> bool:
        """Lay the output over the resources, unless it changes what the phase may not change."""
        draft, tree = self.draft, self.draft.tree
        before = len(draft.diagnostics)
        for name in sorted(given.keys() | output.keys()):
            if name != "resources" and given.get(name) != output.get(name):
                draft.add(PythonChangeNotAllowed.of_change(f"changes `{name}`", name, self._place))
        resources = tree.get("resources")
        resources = resources if resources is not None and resources.is_map else Node({})
        merged = changes.over(resources, with_hidden(draft, output.get("resources")))
        for kind, key in changes.deleted:
            path = f"resources.{kind}.{key}"
            draft.add(PythonChangeNotAllowed.of_change(f"deletes {path}", path, draft.place(path)))
        for kind, key in changes.updated if phase == _LOAD else ():
            path = f"resources.{kind}.{key}"
            place = changes.places.around(("resources", kind, key))
            draft.add(PythonChangeNotAllowed.of_double(path, place, draft.place(path)))
        for kind, key in changes.added if phase == _MUTATE else ():
            path = f"resources.{kind}.{key}"
            place = changes.places.around(("resources", kind, key))
            draft.add(
                PythonChangeNotAllowed.of_change(f"adds {path} by a mutator", path, place or self._place)
            )
        if any(found.severity == "error" for found in draft.diagnostics[before:]):
            return False
        if merged.value:
            tree.value["resources"] = merged
        prepare_added(draft, changes.added)
        prepare_updated(draft, changes.updated)
        return True

    def _cannot_run(self, why: str) -> None:
        draft = self.draft
        fix = f"install it: `{install_library(draft.root, self.interpreter.pip)}`"
        hides = ("databricks/__init__.py", "databricks.py")
        if hiding := next((name for name in hides if (draft.root / name).is_file()), None):
            fix = f"rename {hiding}: it hides the package `databricks` from the bundle's code"
        elif not self.section.venv_path:
            fix += "\nor name the environment that has it: `python: {venv_path: .venv}`"
        draft.add(
            PythonResourcesNotLoaded.of(
                self.section.functions, why, severity=_severity(draft), path=self.section.path, fix=fix
            )
        )

    @property
    def _place(self) -> Location | None:
        return self.draft.place(self.section.path)

    @property
    def _venv(self) -> Path | None:
        return self.draft.root / self.section.venv_path if self.section.venv_path else None

    @property
    def _seconds(self) -> float:
        try:
            seconds = float(self.draft.environ.get(_LIMIT, _SECONDS))
        except ValueError:
            return _SECONDS
        return seconds if 0 < seconds < _LONGEST else _SECONDS


def _tail(*files: Path, most: int = 2000) -> str:
    """Return the last lines that a process has written."""
    parts = []
    for file in files:
        if not file.is_file():
            continue
        with file.open("rb") as opened:
            opened.seek(max(file.stat().st_size - most, 0))
            parts.append(opened.read().decode("utf-8", errors="replace").strip())
    return "\n".join(filter(None, parts))
