"""The process in which a bundle's code runs: started early, asked once for each phase, killed when its time is over.

Each phase starts from the same state: the library is imported, and nothing of the bundle's own code has run. So one
process can serve all phases of all targets.
"""

import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

_LONGEST_START = 120.0  # seconds; half of one on an idle machine
_DRIVER = Path(__file__).with_name("driver.py")
# No workspace is contacted, and what lakewright tells its own processes is not for the bundle's code.
_LEFT_OUT = ("DATABRICKS_", "ARM_", "LAKEWRIGHT_", "MLFLOW_", "SPARK_REMOTE", "SPARK_CONNECT_", "PYSPARK_")


@dataclass(frozen=True)
class Answer:
    """How a phase ended.

    Attributes:
        code: The exit code; negative for a signal.
        missing: Why `databricks-bundles` cannot be imported; empty if it can be.
        version: Its version, if the phase failed.
        too_slow: Whether the process was killed because its time was over.
    """

    code: int = 0
    missing: str = ""
    version: str = ""
    too_slow: bool = False


@dataclass
class Host:
    """A process of the bundle's interpreter.

    Attributes:
        program: The interpreter.
        root: The bundle's folder, in which the code runs.
        environ: The environment of the code.
    """

    program: Path
    root: Path
    environ: Mapping[str, str]
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)
    _ready: bool = field(default=False, init=False)
    _read: bytes = field(default=b"", init=False)
    _one_at_a_time: Lock = field(default_factory=Lock, init=False, repr=False)

    def start(self) -> None:
        """Start the process, unless it runs.

        Raises:
            OSError: The interpreter cannot be executed.
        """
        if self.is_running:
            return
        self.close()
        self._process = subprocess.Popen(
            [str(self.program), str(_DRIVER)],
            cwd=self.root,
            env=code_environment(self.environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def run(  # noqa: PLR0913 - what a run of a program depends on
        self,
        arguments: list[str],
        *,
        output: Path,
        errors: Path,
        stack: Path,
        seconds: float,
        program: Path | None = None,
    ) -> Answer:
        """Run a phase and wait for its end.

        Args:
            arguments: The arguments of `databricks.bundles.build`, or of the program.
            output: The file that gets what the code prints.
            errors: The file that gets what it writes to stderr.
            stack: The file that gets the stack where the code ends without a result.
            seconds: How long it may take, once the library is imported.
            program: A file of Python to run in place of `databricks.bundles.build`.

        Raises:
            OSError: The interpreter cannot be executed.
        """
        request = {
            "arguments": arguments,
            "output": str(output),
            "errors": str(errors),
            "stack": str(stack),
            "seconds": seconds,
            "program": program and str(program),
        }
        with self._one_at_a_time:
            return self._answer(request, seconds)

    def _answer(self, request: Mapping[str, object], seconds: float) -> Answer:
        self.start()
        assert self._process is not None
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        line: bytes | None = b"ready"
        if not self._ready:
            line = self._line(time.monotonic() + _LONGEST_START)
            self._ready = bool(line)
        if line:
            line = self._line(time.monotonic() + seconds)
        if line is None:
            self.close()
            return Answer(too_slow=True)
        if not line:
            code = self._process.wait()
            return Answer(code=code or 1)
        return Answer(**json.loads(line))

    def _line(self, deadline: float) -> bytes | None:
        """Return the next answer; empty if the process ended, None if the time is over."""
        assert self._process is not None
        assert self._process.stdout is not None
        number = self._process.stdout.fileno()
        while b"\n" not in self._read:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([number], [], [], left)[0]:
                return None
            part = os.read(number, 65536)
            if not part:
                return b""
            self._read += part
        line, _, self._read = self._read.partition(b"\n")
        return line

    @property
    def is_running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def close(self) -> None:
        """End the process and all that it has started."""
        process, self._process, self._ready, self._read = self._process, None, False, b""
        if process is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        process.wait()


_hosts: ContextVar["dict[tuple[Path, Path, tuple[tuple[str, str], ...]], Host] | None"] = ContextVar(
    "hosts", default=None
)


@contextmanager
def shared_hosts() -> Iterator[None]:
    """Keep the processes of the loads inside the block, so that they are shared, and end them after it."""
    if _hosts.get() is not None:
        yield
        return
    hosts: dict[tuple[Path, Path, tuple[tuple[str, str], ...]], Host] = {}
    token = _hosts.set(hosts)
    try:
        yield
    finally:
        _hosts.reset(token)
        for host in hosts.values():
            host.close()


def host_of(program: Path, root: Path, environ: Mapping[str, str]) -> Host:
    """Return the host of an interpreter and a bundle; call it inside of `shared_hosts`."""
    hosts = _hosts.get()
    assert hosts is not None
    return hosts.setdefault((program, root, tuple(sorted(environ.items()))), Host(program, root, environ))


def running_host(program: Path, root: Path) -> Host | None:
    """Return the host that runs for a bundle with an interpreter of the same environment; None if there is none."""
    for (other, folder, _), host in (_hosts.get() or {}).items():
        if folder == root and other.parent == program.parent and host.is_running:
            return host
    return None


def code_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the bundle's code: without credentials and addresses of workspaces, and without ours."""
    kept = {name: value for name, value in environ.items() if not name.startswith(_LEFT_OUT)}
    return {**kept, "DATABRICKS_CONFIG_FILE": os.devnull, "PYTHONIOENCODING": "utf-8:backslashreplace"}
