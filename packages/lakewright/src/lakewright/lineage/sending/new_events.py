"""Send recorded events to a server of OpenLineage: each at least once, from where the last sending ended."""

from __future__ import annotations

import fcntl
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from databricks_utils.lineage import HttpTransport, LineageNotSentError
from databricks_utils.lineage.transports import is_taken
from lakewright.lineage.lines import Line, read_lines
from lakewright.lineage.sending.attempts import Attempts
from lakewright.lineage.sending.positions import Positions
from lakewright.lineage.statements import parse_event

# The server has read the event and does not want it: another attempt would block all that follow.
_REFUSED = frozenset({400, 413, 422})
_PLACES = 10
_SAVED_EACH = (
    0.25  # seconds; to save takes two milliseconds on a busy disk, as long as to send several events
)


@dataclass(frozen=True)
class Sent:
    """What was sent.

    Attributes:
        posted: Number of events that the server took.
        refused: Number of events that it has read and does not want.
        places: Where the first ten of these are, as `file, byte N`.
        damaged: Number of lines that are no events, or too long for one; a killed engine leaves one.
        is_busy: Whether another process is sending: then nothing was done.
        is_late: Whether the time was over before all was sent.
    """

    posted: int = 0
    refused: int = 0
    places: tuple[str, ...] = ()
    damaged: int = 0
    is_busy: bool = False
    is_late: bool = False


def send_new(
    folder: Path,
    transport: HttpTransport,
    *,
    seconds: float = math.inf,
    pause: Callable[[float], None] = time.sleep,
) -> Sent:
    """Post the events that the server does not have yet, in the order in which they were recorded.

    The position is saved at the end, and four times a second: a process that is killed sends the events of that time again.

    Args:
        folder: `<project>/.lakewright/lineage`; the position is kept in it, for each server.
        transport: The server.
        seconds: How long it may take; what was not sent by then is left for the next time.
        pause: Waits for some seconds between attempts.

    Raises:
        LineageNotSentError: The server does not answer, or takes no event now; what it took is not sent again. Or the folder cannot
            be written.
    """
    until = time.monotonic() + seconds
    try:
        if not folder.is_dir():
            return Sent()
        with _alone(folder / "sending.lock") as is_alone:
            if not is_alone:
                return Sent(is_busy=True)
            with transport.connected() as post:
                return _send_all(folder, Attempts(transport, post, pause, until))
    except LineageNotSentError:
        raise
    except OSError as error:
        raise LineageNotSentError(
            f"the position of what was sent could not be kept: {error.strerror or type(error).__name__}",
            location=str(folder),
            fix=f"make the folder writable: {folder}",
        ) from error


def _send_all(folder: Path, attempts: Attempts) -> Sent:
    positions, sent = Positions.read(folder, attempts.transport.url), Sent()
    saved, saved_at = positions, time.monotonic()
    try:
        for path in sorted(folder.glob("*.jsonl")):
            with suppress(FileNotFoundError):  # `lakewright clean --runs` removes the files
                position = positions.of(path)
                for line in _new_lines(path, position.end):
                    sent = _post(line, path, attempts, sent)
                    if sent.is_late:
                        return sent
                    positions = positions.moved(path, replace(position, end=line.end))
                    if time.monotonic() - saved_at >= _SAVED_EACH:
                        positions.write()
                        saved, saved_at = positions, time.monotonic()
    finally:
        if saved is not positions:
            positions.write()
    return sent


def _new_lines(path: Path, start: int) -> Iterator[Line]:
    """Yield the lines that have an end: a writer may be at work on the last one."""
    return (line for line in read_lines(path, start=start) if line.is_ended)


def _post(line: Line, path: Path, attempts: Attempts, sent: Sent) -> Sent:
    if parse_event(line.text) is None:
        return replace(sent, damaged=sent.damaged + 1) if line.text or not line.is_kept else sent
    status = attempts.post(line.text)
    if status is None:
        return replace(sent, is_late=True)
    if is_taken(status):
        return replace(sent, posted=sent.posted + 1)
    if status in _REFUSED:
        places = (*sent.places, f"{path.name}, byte {line.start}")
        return replace(sent, refused=sent.refused + 1, places=places[:_PLACES])
    raise attempts.transport.problem(f"answered {status}")


@contextmanager
def _alone(path: Path) -> Iterator[bool]:
    """Hold the lock of a file while events are sent; False if another process has it."""
    with path.open("w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
