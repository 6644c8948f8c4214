"""The one place that signs in to a workspace and asks it.

| to find | read |
|---|---|
| the errors | `errors.py` |
| what the address of a workspace holds | `addresses.py` |
| the profiles of `~/.databrickscfg` | `profiles.py` |
| which host and which credentials a target means | `settings.py` |
| signing in | `signing_in.py` |
| who signed in | `identity.py` |
| calls: retries, time, what a refusal says | `calls.py`, `refusing.py` |
| keeping secrets out of messages | `secrecy.py` |

The SDK is imported inside functions: commands that ask no workspace work without it.
"""

from lakewright.workspace.calls import Answer, Calls
from lakewright.workspace.errors import MissingSdkError, SignInError, WorkspaceError
from lakewright.workspace.identity import Identity, identity_of
from lakewright.workspace.signing_in import Connection, sign_in

__all__ = [
    "Answer",
    "Calls",
    "Connection",
    "Identity",
    "MissingSdkError",
    "SignInError",
    "WorkspaceError",
    "identity_of",
    "sign_in",
]
