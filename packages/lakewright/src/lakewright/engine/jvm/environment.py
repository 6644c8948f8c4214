"""The environment of the engine's JVM, which is also that of the workers that run Python UDFs.

It has what programs need to run, and nothing else of the shell that happened to start the engine: the shell's credentials
and secrets are not for UDFs, and an engine outlives its shell.
"""

import os
from collections.abc import Mapping

from lakewright.storage import Storage
from lakewright.storage.fuse.workers import STARTUP_FOLDER, worker_variables

# Options for every Java of a user. The engine has its own key for options.
_OPTION_VARIABLES = frozenset({"JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"})
_NAMES = frozenset(
    {
        "HOME",
        "JAVA_HOME",
        "LANG",
        "LANGUAGE",
        "LD_LIBRARY_PATH",
        "DYLD_LIBRARY_PATH",
        "DYLD_FALLBACK_LIBRARY_PATH",
        "LOGNAME",
        "PATH",
        "REQUESTS_CA_BUNDLE",
        "SHELL",
        "SSL_CERT_DIR",
        "SSL_CERT_FILE",
        "TMPDIR",
        "USER",
        "VIRTUAL_ENV",
        # The number of threads of native libraries, and how they wait.
        "OMP_NUM_THREADS",
        "OMP_WAIT_POLICY",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "NUMEXPR_NUM_THREADS",
    }
)
_PREFIXES = ("LC_", "XDG_")
_PROXIES = frozenset({"http_proxy", "https_proxy", "no_proxy"})
_SOURCES = "src"


def jvm_environment(environ: Mapping[str, str], storage: Storage) -> dict[str, str]:
    """The variables that a JVM of this project takes over, in UTC, with what its UDF workers need.

    Workers get the project's `src/`: a cluster has the project's package installed on every worker, here it need not be
    installed. They also get `/Volumes` and `/dbfs`.

    Args:
        environ: The variables of the process that starts it.
        storage: The storage of the project.
    """
    kept = {name: value for name, value in environ.items() if _is_needed(name, value)}
    before = [part for part in environ.get("PYTHONPATH", "").split(os.pathsep) if part]
    path = dict.fromkeys((str(STARTUP_FOLDER), str(storage.project / _SOURCES), *before))
    return {**kept, **worker_variables(storage), "PYTHONPATH": os.pathsep.join(path), "TZ": "UTC"}


def without_option_variables(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables without those that hold options for every Java of the user."""
    return {name: value for name, value in environ.items() if name not in _OPTION_VARIABLES}


def _is_needed(name: str, value: str) -> bool:
    if name.lower() in _PROXIES:
        return "@" not in value  # user and password of the proxy
    return name in _NAMES or name.startswith(_PREFIXES)
