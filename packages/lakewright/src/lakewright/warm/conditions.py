"""The conditions under which a process runs, as far as they decide what an import gives or what a child inherits.

A process may be forked for another one only if both run under the same conditions; else it starts on its own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from lakewright import __version__

# Native libraries read these when they are loaded. Tasks use one thread; see `lakewright.runner.process.environment`.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
_ONE_THREAD = "1"
# Read by the interpreter, by the dynamic loader, by the C library, or by a package while it is imported.
_PREFIXES = (
    *("PYTHON", "LC_", "LD_", "MALLOC_", "GLIBC_", "COVERAGE_"),
    *("ARROW_", "GRPC_", "NPY_", "NUMPY_", "OPENBLAS_", "PANDAS_", "PROTOCOL_BUFFERS_"),
)
_NAMES = ("HOME", "LANG", "LANGUAGE", "LOCPATH", "TMPDIR")
# A forked process gets these from its request.
_OF_THE_STREAMS = ("PYTHONFAULTHANDLER", "PYTHONIOENCODING", "PYTHONUNBUFFERED")
# Useful to any program, and no secret.
_HARMLESS = ("LOGNAME", "PATH", "SHELL", "SSL_CERT_DIR", "SSL_CERT_FILE", "USER", "VIRTUAL_ENV")
_NAMESPACES = ("cgroup", "ipc", "mnt", "net", "pid", "user", "uts")
_FLAG_OF_THE_SERVER = "safe_path"


def conditions(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the conditions of this process as texts by name.

    Args:
        environ: The environment of the program that is to run.
    """
    flags = [name for name in dir(sys.flags) if not name.startswith(("_", "n_")) and name.islower()]
    plain = [name for name in flags if not callable(getattr(sys.flags, name)) and name != _FLAG_OF_THE_SERVER]
    import resource  # not on Windows, where this module is imported too

    limits = sorted(name for name in dir(resource) if name.startswith("RLIMIT_"))
    return {
        "Python": f"{sys.executable} {sys.prefix} {sys.version}",
        "lakewright": __version__,
        "Python's options": repr([[getattr(sys.flags, name) for name in plain], sys._xoptions]),
        "user": repr([os.getuid(), os.getgid(), sorted(os.getgroups())]),
        "priority": str(os.getpriority(os.PRIO_PROCESS, 0)),
        "cores": repr(sorted(os.sched_getaffinity(0))),
        "limits": repr([resource.getrlimit(getattr(resource, name)) for name in limits]),
        "namespaces": repr([_namespace(name) for name in _NAMESPACES]),
        **{f"${name}": value for name, value in read_at_import(environ).items()},
    }


def read_at_import(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that an import, or the start of the interpreter, may read."""
    found = {
        name: value
        for name, value in environ.items()
        if name.startswith(_PREFIXES) or name in _NAMES
        if name not in _OF_THE_STREAMS
    }
    return {**found, **{name: environ.get(name, _ONE_THREAD) for name in THREADS}}


def clean_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a process that forks others: what an import may read, and nothing that is a secret."""
    return {
        **{name: environ[name] for name in _HARMLESS if name in environ},
        **read_at_import(environ),
        "DATABRICKS_CONFIG_FILE": os.devnull,
        "GIT_PYTHON_REFRESH": "quiet",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "OMP_WAIT_POLICY": "PASSIVE",
        "TZ": "UTC",
    }


def _namespace(name: str) -> str:
    try:
        return str(Path(f"/proc/self/ns/{name}").readlink())
    except OSError:
        return ""
