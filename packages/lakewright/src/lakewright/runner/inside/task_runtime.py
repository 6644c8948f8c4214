"""What a task's code finds around it: `spark` (opened at its first use), `dbutils`, `display`, and their modules."""

from __future__ import annotations

import builtins
import contextlib
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lakewright.mlflow_stores.redirection import redirection
from lakewright.rights import rights_of_process
from lakewright.runner.errors import RunnerError
from lakewright.runner.handover.redactor import Redactor
from lakewright.runner.handover.secrets import secrets_in
from lakewright.runner.handover.task_spec import TaskSpec
from lakewright.runner.inside.child_notebooks import run_notebook_in_process
from lakewright.runner.inside.dbutils import DBUtils
from lakewright.runner.inside.dbutils.credentials import Credentials
from lakewright.runner.inside.dbutils.data import Data
from lakewright.runner.inside.dbutils.filesystem import FileSystem
from lakewright.runner.inside.dbutils.jobs import Jobs, TaskValues
from lakewright.runner.inside.dbutils.library import Library
from lakewright.runner.inside.dbutils.notebook import NotebookTools
from lakewright.runner.inside.dbutils.notebook_context import NotebookContext, user_name
from lakewright.runner.inside.dbutils.secrets import Secrets
from lakewright.runner.inside.dbutils.widgets import Widgets
from lakewright.runner.inside.displays import Displays
from lakewright.runner.inside.python_modules.code_places import CodePlaces
from lakewright.runner.inside.python_modules.fresh_python import PythonRestart
from lakewright.runner.inside.python_modules.modules_for_udfs import send_modules_with_functions
from lakewright.runner.inside.python_modules.offered_modules import offer


class NoEngineError(RunnerError, RuntimeError):
    """Raised when code asks for `spark` in a run without an engine."""


class NoSparkContextError(RunnerError, AttributeError):
    """Raised when code asks for `sc`, which Spark Connect does not have."""


class Lazy:
    """Takes the place of the session, or its context, until its first use: a task without Spark opens none.

    Args:
        opened: Gives the real one.
    """

    def __init__(self, opened: Callable[[], Any]) -> None:
        object.__setattr__(self, "_opened", opened)

    @property  # type: ignore[misc]  # read-only: it serves isinstance(spark, SparkSession)
    def __class__(self) -> Any:
        return type(object.__getattribute__(self, "_opened")())

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "_opened")(), name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(object.__getattribute__(self, "_opened")(), name, value)

    def __repr__(self) -> str:
        return repr(object.__getattribute__(self, "_opened")())


class NoSparkContext:
    """Takes the place of `sc`: using it fails with the reason, as it fails on serverless and standard clusters."""

    def __getattr__(self, name: str) -> Any:
        raise NoSparkContextError(
            f"`sc.{name}`: there is no SparkContext behind Spark Connect, here as on serverless compute",
            fix="use `spark` and DataFrames; or set `spark.mode: classic` if only classic clusters matter",
        )


class TaskRuntime:
    """The surroundings of one task's code; one for each process.

    Args:
        spec: The task.
        displays: The kind of `display` that its code has.
    """

    def __init__(self, spec: TaskSpec, *, displays: type[Displays] = Displays) -> None:
        self.spec = spec
        self.notes: tuple[str, ...] = ()
        self.restarts_python = False  # only a notebook has cells behind the one that restarts
        self.rows: list[dict[str, Any]] | None = None
        self.places = CodePlaces(spec.root)
        self._session: Any = None
        self.spark = Lazy(self.session)
        self.display = displays(Path(spec.folder), Redactor(secrets_in(os.environ).values()))
        self.widgets = Widgets(spec.parameters)
        task_values = TaskValues(spec.key, Path(spec.values_file), spec.task_values, in_job=bool(spec.job))
        self.dbutils = DBUtils(
            credentials=Credentials(),
            data=Data(self.display),
            widgets=self.widgets,
            jobs=Jobs(task_values),
            secrets=Secrets(os.environ),
            fs=FileSystem(spec.storage, rights_of_process(spec.storage.lakehouse)),
            library=Library(self.restart_python),
            notebook=NotebookTools(
                self._context, lambda *given: run_notebook_in_process(spec, self.folder, *given)
            ),
        )
        self.folder = Path(spec.file).parent if spec.file else Path(spec.root)
        offer(self.globals("databricks.sdk.runtime", ""), self.session)
        redirection.install()
        redirection.say = self.note_once
        if spec.spark == "connect" or (spec.spark == "classic" and spec.kind != "interrupt"):
            # 50 ms, 0.5 s on classic: from now on `SparkSession.builder.getOrCreate()` finds this session, with its principal.
            # An engine that does not answer is reported when the code uses `spark`.
            with contextlib.suppress(Exception):
                self.session()

    def session(self) -> Any:
        """The Spark session, opened at the first call.

        Raises:
            NoEngineError: This run has no engine.
        """
        if self._session is None:
            self._session = self._open()
            _give_frames_a_display(self.display)
            send_modules_with_functions(self._is_beside_sources)
        return self._session

    def note(self, text: str) -> None:
        """Put a remark into the log and the task table."""
        print(f"note: {text}", flush=True)  # noqa: T201 - the task's log
        self.notes = (*self.notes, text)

    def note_once(self, text: str) -> None:
        """As `note`, unless a task of the same run has put this remark."""
        name = hashlib.sha256(text.encode()).hexdigest()[:16]
        with contextlib.suppress(FileExistsError):
            Path(self.spec.result_file).with_name(f"{name}.said").touch(exist_ok=False)
            self.note(text)

    def restart_python(self) -> None:
        """End the cell; the next one has a fresh Python.

        Raises:
            PythonRestart: Always in a notebook.
        """
        if self.restarts_python:
            raise PythonRestart
        print("restartPython does nothing here: only a notebook has a next cell", flush=True)  # noqa: T201 - the log

    def globals(self, name: str, file: str) -> dict[str, Any]:
        """A fresh namespace for code."""
        return {
            "__name__": name,
            "__file__": file,
            "__builtins__": builtins,
            "spark": self.spark,
            "sc": Lazy(lambda: self.session().sparkContext)
            if self.spec.spark == "classic"
            else NoSparkContext(),
            "sql": lambda query, **options: self.session().sql(query, **options),
            "dbutils": self.dbutils,
            "display": self.display,
            "displayHTML": self.display.html,
            "getArgument": self.widgets.getArgument,
            "table": lambda name: self.session().table(name),
            "udf": self._udf,
        }

    def close(self) -> None:
        """Release the session, so that its temporary views do not stay in the engine."""
        if self._session is not None and self.spec.spark == "classic":
            from lakewright.engine.classic import close_classic_session

            close_classic_session()
        elif self._session is not None:
            self._session.stop()

    def _udf(self, *arguments: Any, **options: Any) -> Any:
        """`udf`, which notebooks need not import; a classic one needs the session."""
        self.session()
        from pyspark.sql.functions import udf

        return udf(*arguments, **options)

    def _is_beside_sources(self, file: str) -> bool:
        """Whether a file is the project's, and not in `src/`, which workers of UDFs import from."""
        return self.places.is_project(file) and not Path(file).is_relative_to(Path(self.spec.project) / "src")

    def _context(self) -> NotebookContext:
        from lakewright.engine.environment_variables import PRINCIPAL_VARIABLE  # 0.4 s with its package

        file = Path(self.spec.file) if self.spec.file else self.folder
        own = self.spec.storage.workspace
        path = (own.notebook_path(file) if own else None) or str(file.with_suffix(""))
        return NotebookContext(path, user_name(os.environ.get(PRINCIPAL_VARIABLE)), self.spec.job)

    def _open(self) -> Any:
        if self.spec.spark == "connect":
            from lakewright.engine.session import open_session

            return open_session()
        if self.spec.spark == "classic":
            from lakewright.engine.classic import open_classic_session

            return open_classic_session()
        raise NoEngineError(
            "this task uses Spark, and the run has no engine",
            fix="run it by `lakewright run`, which starts one",
        )


def _give_frames_a_display(display: Displays) -> None:
    """`df.display()`, which DataFrames have on Databricks."""
    from pyspark.sql.dataframe import DataFrame

    DataFrame.display = lambda frame, *_, **__: display(frame)
