"""The environment of an interactive session: the same as a notebook task's, on an engine that may stop between cells."""

import atexit
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lakewright.engine import EngineHandle, engine_status, ensure_engine
from lakewright.mlflow_stores.moved import repair_addresses
from lakewright.mlflow_stores.places import mlflow_environment
from lakewright.project_session import engine_settings, use_utc
from lakewright.rights import rights_of_process
from lakewright.runner.execution.engine_log import remove_secrets_from_engine_log
from lakewright.runner.handover.redactor import Redactor
from lakewright.runner.handover.secrets import secrets_in
from lakewright.runner.handover.task_spec import TaskSpec
from lakewright.runner.inside.displays import Displays
from lakewright.runner.inside.python_modules.fresh_python import PythonRestart, PythonState
from lakewright.runner.inside.task_runtime import TaskRuntime
from lakewright.storage.fuse import mount


class InteractiveRuntime(TaskRuntime):
    """The environment of an interactive session; its engine may stop between cells, and is then started again.

    Args:
        project: The project's root.
        principal: The principal that the session acts as; the operating system's user by default.
        displays: The class of `display`.

    Attributes:
        forget_names: Forgets the names that the user has defined.
    """

    def __init__(
        self, project: Path, principal: str | None = None, *, displays: type[Displays] = Displays
    ) -> None:
        self._project, self._principal = project, principal
        self._engine: EngineHandle | None = None
        self._attach()
        spec = _spec(project)
        mount(spec.storage, rights_of_process(spec.storage.lakehouse))
        super().__init__(spec, displays=displays)
        self._fresh = PythonState.now()
        self.forget_names: Callable[[], None] = lambda: None

    def restart_python(self) -> None:
        """Forget the names of the session and the project's modules; widgets and the Spark session stay.

        Raises:
            PythonRestart: Always; it ends the cell without a stack trace.
        """
        self._fresh.restore(self.places.is_project)
        if self._engine is not None:  # it may have started since
            os.environ.update(self._engine.environment(self._principal))
        self.forget_names()
        raise PythonRestart

    def leave_an_ended_engine(self) -> None:
        """If the session's engine has stopped, drop the session: the next use of `spark` opens a new one."""
        if self._session is None or engine_status(self._project) == self._engine:
            return
        self._session.client.close()  # else `SparkSession.builder.getOrCreate()` would return it
        self._session = self._engine = None
        print(  # noqa: T201 - part of the cell's output
            "note: the engine has stopped since the last cell; `spark` opens a new session. "
            "Create temporary views and DataFrames again.",
            flush=True,
        )

    def note_once(self, text: str) -> None:
        """Print a remark; a session is no run that other processes belong to."""
        self.note(text)

    def _attach(self) -> None:
        self._engine = ensure_engine(
            self._project, settings=engine_settings(self._project), import_client=True
        )
        os.environ.update(self._engine.environment(self._principal))

    def _open(self) -> Any:  # noqa: ANN401 - pyspark has no usable types here
        if self._engine is None:
            self._attach()
        return super()._open()


def open_runtime(
    project: Path, *, principal: str | None = None, displays: type[Displays] = Displays
) -> InteractiveRuntime:
    """Open the environment of a notebook task for interactive use: session, widgets, task values, MLflow's stores.

    Args:
        project: The project's root.
        principal: The principal that the session acts as; the operating system's user by default.
        displays: The class of `display`.
    """
    repair_addresses(project / ".lakewright")
    os.environ.update(mlflow_environment(project / ".lakewright"))
    redactor = Redactor(secrets_in(os.environ).values())
    atexit.register(remove_secrets_from_engine_log, project.absolute(), redactor)
    os.environ.setdefault("DBX_ENV", "local")
    use_utc()
    if (project / "src").is_dir() and str(project / "src") not in sys.path:
        sys.path.insert(0, str(project / "src"))
    return InteractiveRuntime(project, principal, displays=displays)


def _spec(project: Path) -> TaskSpec:
    folder = project / ".lakewright" / "exploring"
    folder.mkdir(parents=True, exist_ok=True)
    return TaskSpec(
        kind="notebook",
        key="exploring",
        attempt=1,
        project=str(project),
        root=str(project),
        cwd=str(Path.cwd()),
        folder=str(folder),
        result_file=str(folder / "result.json"),
        values_file=str(folder / "values.json"),
        report_file=str(folder / "report.jsonl"),
        spark="connect",
        local_folders=[str(folder) for folder in engine_settings(project).local_folders],
    )
