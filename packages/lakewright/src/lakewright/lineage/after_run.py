"""Send what a run has recorded, if a server is configured: within seconds, and without an effect on the run's result."""

from __future__ import annotations

import threading
from pathlib import Path

from databricks_utils.errors import DiagnosedError
from databricks_utils.lineage import HttpTransport
from lakewright.lineage.sending import send_new

_SECONDS = 20.0
_LATER = "send the rest later: lakewright lineage --send"


def send_after_run(folder: Path, *, seconds: float = _SECONDS) -> str | None:
    """Send the new events to the server that `OPENLINEAGE_URL` names.

    Args:
        folder: `<project>/.lakewright/lineage`.
        seconds: How long to wait for it at most; what was not sent by then is sent with the next run.

    Returns:
        A warning for the user; None if all was sent, if another process is sending, or if no server is configured.
    """
    found: list[str] = []

    def send() -> None:
        try:
            transport = HttpTransport.of_environment()
            if transport is not None:
                sent = send_new(folder, transport)
                if sent.refused:
                    found.append(
                        f"the lineage server did not want {sent.refused} event(s), the first at {sent.places[0]}"
                    )
        except DiagnosedError as error:
            found.append(f"lineage was not sent: {error.summary}; {_LATER}")
        except Exception as error:  # noqa: BLE001 - the run has its result; the text may hold the key
            found.append(f"lineage was not sent: {type(error).__name__}; {_LATER}")

    sender = threading.Thread(target=send, name="lineage", daemon=True)
    sender.start()
    sender.join(seconds)
    if sender.is_alive():
        return f"lineage was not sent within {seconds:g} seconds; {_LATER}"
    return found[0] if found else None
