"""The file `constraints.txt` of a project: the versions of its runtime, for `pip install -c`."""

from itertools import groupby
from textwrap import wrap

from lakewright.runtimes.left_free import LEFT_FREE
from lakewright.runtimes.library_list import Runtime

CONSTRAINTS_FILE = "constraints.txt"
_WIDTH = 118
# The lists' versions of numpy, pandas and others have no wheels for newer ones.
_NEWEST_PYTHON = "3.14"


def constraints_of(runtime: Runtime) -> str:
    """Return the constraints of a runtime; the libraries that are left free are named with their reasons."""
    kept = {name: version for name, version in runtime.libraries.items() if name not in LEFT_FREE}
    lines = [
        f"# The libraries of {runtime.name} (Python {runtime.python}, Spark {runtime.spark}): develop with what the jobs run with.",
        f"# Written by `lakewright runtimes {runtime.name}`. From Python {_NEWEST_PYTHON} on, versions are free. Not taken over:",
        *_left_free(runtime),
        *(
            f'{name}=={version} ; python_version < "{_NEWEST_PYTHON}"'
            for name, version in sorted(kept.items())
        ),
    ]
    return "\n".join(lines) + "\n"


def _left_free(runtime: Runtime) -> list[str]:
    names = sorted(runtime.libraries.keys() & LEFT_FREE.keys(), key=lambda name: (LEFT_FREE[name], name))
    lines: list[str] = []
    for reason, group in groupby(names, key=LEFT_FREE.__getitem__):
        text = f"{', '.join(group)}: {reason}"
        lines += wrap(text, _WIDTH, initial_indent="#   ", subsequent_indent="#     ")
    return lines
