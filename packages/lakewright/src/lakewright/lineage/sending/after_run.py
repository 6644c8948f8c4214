"""Send what a run has recorded, if a server is configured: within seconds, and without an effect on the run's result."""

from __future__ import annotations

import threading
from pathlib import Path

from databricks_utils.errors import DiagnosedError
from databricks_utils.lineage import HttpTransport
from lakewright.lineage.sending.new_events import Sent, send_new

_SECONDS = 20.0
# The sender ends by itself when the time is over. A search for a host's name, or an answer that comes byte by byte, can hold it longer.
_LONGER = 1.0
_LATER = "send the rest later: lakewright lineage --send"


def send_after_run(folder: Path, *, seconds: float = _SECONDS) -> str | None:
    """Send the new events to the server that `OPENLINEAGE_URL` names.

    Args:
        folder: `<project>/.lakewright/lineage`.
        seconds: How long it may take; what was not sent by then is sent with the next run.

    Returns:
        A warning for the user; None if all was sent, if another process is sending, or if no server is configured.
    """
    found: list[str] = []
    sender = threading.Thread(
        target=lambda: found.extend(_warnings(folder, seconds)), name="lineage", daemon=True
    )
    sender.start()
    sender.join(seconds + _LONGER)
    if sender.is_alive():
        return f"lineage was not sent within {seconds:g} seconds; {_LATER}"
    return "; ".join(found) or None


def _warnings(folder: Path, seconds: float) -> list[str]:
    """Send the new events; return what the user has to know."""
    try:
        transport = HttpTransport.of_environment()
        sent = send_new(folder, transport, seconds=seconds) if transport else Sent()
    except DiagnosedError as error:
        return [f"lineage was not sent: {error.summary}; {_LATER}"]
    except Exception as error:  # noqa: BLE001 - the run has its result; the text may hold the key
        return [f"lineage was not sent: {type(error).__name__}; {_LATER}"]
    found = []
    if sent.refused:
        found.append(
            f"the lineage server did not want {sent.refused} event(s), the first at {sent.places[0]}"
        )
    if sent.is_late:
        found.append(f"only {sent.posted} event(s) of lineage were sent within {seconds:g} seconds; {_LATER}")
    return found
