"""Start the engine's JVM: build its command line and files, and wait until it listens."""

import importlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import BinaryIO

from lakewright.engine.environment_variables import TOKEN_VARIABLE
from lakewright.engine.errors import EngineStartError
from lakewright.engine.handle import EngineHandle, read_handle
from lakewright.engine.installation.classpath import engine_classpath
from lakewright.engine.installation.java import find_java
from lakewright.engine.installation.spark import spark_home
from lakewright.engine.jvm.class_archive import archive_options
from lakewright.engine.jvm.environment import jvm_environment
from lakewright.engine.jvm.option_check import check_jvm_options
from lakewright.engine.jvm.options import engine_options
from lakewright.engine.layout import EngineFolder
from lakewright.engine.settings.engine_settings import EngineSettings
from lakewright.engine.settings.fixed import fixed_settings
from lakewright.engine.settings.spark_properties import spark_properties
from lakewright.log_tail import log_tail
from lakewright.storage import Storage

START_TIMEOUT_SECONDS = 120.0
_POLL_SECONDS = 0.05
_LOG_LINES_SHOWN = 15
_PRIVATE = 0o600


def launch(folder: EngineFolder, settings: EngineSettings, *, import_client: bool = False) -> EngineHandle:
    """Start an engine and wait until it listens. The caller must hold the start lock.

    Args:
        folder: The project's engine folder.
        settings: The engine's settings.
        import_client: Import Spark's client during the wait; it takes as long as the JVM's start, on another core.

    Raises:
        EngineStartError: The JVM ended, or did not listen in time; the error shows the end of its log.
        JvmOptionError: Java refuses an option in the settings.
    """
    for path in (folder.state, folder.launch):
        path.unlink(missing_ok=True)
    folder.lakehouse.mkdir(parents=True, exist_ok=True)
    token = secrets.token_urlsafe(24)
    _write_private(folder.properties, _as_properties(_engine_properties(folder, settings)))
    record = {"token": token, "python": sys.executable, "fixed": fixed_settings(settings)}
    _write_private(folder.launch, json.dumps(record))
    command = java_command(folder, settings)
    if folder.log.exists():
        folder.log.replace(folder.earlier_log)
        folder.earlier_log.chmod(_PRIVATE)
    with _open_private(folder.log) as log:
        process = subprocess.Popen(
            command,
            cwd=folder.root,
            env=_environment(folder, settings, token),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    if import_client:
        importlib.import_module("pyspark.sql.connect.session")
    return _wait_until_listening(folder, process)


def java_command(folder: EngineFolder, settings: EngineSettings) -> list[str]:
    """Build the JVM's command line; check the user's options, fetch jars and compile the plugin if needed."""
    java = find_java(explicit=settings.java_home)
    check_jvm_options(java, settings, folder=folder.root)
    classpath = engine_classpath(java)
    return [
        str(java.executable),
        *engine_options(settings, archive=archive_options(java, classpath)),
        f"-Djava.io.tmpdir={_temporary_folder(folder)}",
        "-cp",
        os.pathsep.join(str(path) for path in classpath),
        "lakewright.EngineMain",
        str(folder.properties),
        str(folder.state),
    ]


def _engine_properties(folder: EngineFolder, settings: EngineSettings) -> dict[str, str]:
    return {
        **spark_properties(folder.lakehouse, settings),
        "spark.plugins": "org.apache.spark.sql.connect.SparkConnectPlugin",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": "0",
        # By default a statement runs on for five minutes after its client is killed, beside the next attempt.
        "spark.connect.execute.manager.detachedTimeout": "10s",
        "spark.connect.execute.manager.maintenanceInterval": "2s",
        # A task may not use Spark for hours (a training in Python); keep its session.
        "spark.connect.session.manager.defaultSessionTimeout": "24h",
        "spark.lakewright.idleSeconds": str(round(settings.idle_minutes * 60)),
    }


def _environment(folder: EngineFolder, settings: EngineSettings, token: str) -> dict[str, str]:
    return {
        **jvm_environment(os.environ, Storage(folder.project, settings.local_folders)),
        TOKEN_VARIABLE: token,
        "SPARK_HOME": str(spark_home()),
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
    }


def _temporary_folder(folder: EngineFolder) -> Path:
    """Create an empty folder for the engine's temporary files; remove files of an engine that was killed."""
    temporary = folder.root / "tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True, exist_ok=True)
    return temporary


def _wait_until_listening(folder: EngineFolder, process: subprocess.Popen[bytes]) -> EngineHandle:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        handle = read_handle(folder)
        if handle and handle.pid == process.pid:
            return handle
        if process.poll() is not None:
            raise _start_error(folder, f"the engine ended during its start (exit code {process.returncode})")
        time.sleep(_POLL_SECONDS)
    process.kill()
    raise _start_error(folder, f"the engine did not listen within {START_TIMEOUT_SECONDS:.0f} seconds")


def _start_error(folder: EngineFolder, summary: str) -> EngineStartError:
    return EngineStartError(
        summary,
        location=str(folder.log),
        detail="its last lines:\n" + log_tail(folder.log, lines=_LOG_LINES_SHOWN),
        fix="run `lakewright doctor`: it checks Java, the jars, the disk and the ports one by one",
    )


def _as_properties(values: dict[str, str]) -> str:
    return "".join(f"{_escape(key)}={_escape(value)}\n" for key, value in values.items())


def _escape(text: str) -> str:
    """Escape text for java.util.Properties, which reads ISO 8859-1 and escapes for other characters."""
    escaped = text.replace("\\", "\\\\").replace("\n", "\\n").replace(" ", "\\ ").replace("=", "\\=")
    escaped = escaped.replace(":", "\\:").replace("#", "\\#").replace("!", "\\!")
    units = escaped.encode("utf-16-be", errors="surrogatepass")
    pairs = (int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2))
    return "".join(chr(unit) if 0x20 <= unit < 0x7F else f"\\u{unit:04x}" for unit in pairs)


def _write_private(path: Path, text: str) -> None:
    with _open_private(path) as handle:
        handle.write(text.encode())


def _open_private(path: Path) -> BinaryIO:
    """Open an empty file that only this user can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE)
    return os.fdopen(descriptor, "wb")
