"""What is known of a process that ended without a result: a summary and a fix, by its exit code."""

from __future__ import annotations

import signal


def describe_exit(code: int) -> tuple[str, str]:
    """Return a summary and a fix.

    Args:
        code: The exit code; below zero the negative number of the signal that ended the process.

    Examples:
        >>> describe_exit(-11)[0]
        'the process crashed with SIGSEGV'
    """
    if code == -signal.SIGKILL:
        return (
            "the process was killed (SIGKILL), most often by the kernel for lack of memory",
            "load less data into Python (no toPandas() or collect() of whole tables), or give the machine more memory",
        )
    if code < 0:
        return (
            f"the process crashed with {signal.Signals(-code).name}",
            "find the last Python frame in the log, and update or remove the native package that it names",
        )
    return (
        f"the process ended with code {code} before the task's code was done",
        "look for os._exit(…) in the task's code: raise an error, or return, instead",
    )
