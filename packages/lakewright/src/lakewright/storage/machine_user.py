"""The user of this machine's account: who owns the local lakehouse. The commands and the engine have the name from here."""

from __future__ import annotations

import getpass
import os


def machine_user() -> str:
    """Return the name of the account that this process runs as.

    It is the account's, not that of `USER` or `LOGNAME`: another shell, or `USER=ana lakewright run`, makes nobody another user. Those
    count only where the account has no name, as in a container with any number for a user; without them it is that number.
    """
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):  # Windows, or an account without an entry
        pass
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid-{os.getuid()}"
