"""Send recorded events to a server of OpenLineage: each at least once, from where the last sending ended."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from databricks_utils.lineage import HttpTransport, LineageNotSentError
from databricks_utils.lineage.transports import is_taken
from lakewright.lineage.lines import Line, read_lines
from lakewright.lineage.positions import Positions
from lakewright.lineage.statements import parse_event

_PAUSES = (0.0, 0.5, 2.0)  # seconds before each attempt
_SAVED_AFTER = 50  # events; a sender that dies sends so many again at most
# The server has read the event and does not want it: another attempt would block all that follow.
_REFUSED = frozenset({400, 413, 422})
_PLACES = 10
_TEMPORARY = frozenset({408, 425, 429})


@dataclass(frozen=True)
class Sent:
    """What was sent.

    Attributes:
        posted: Number of events that the server took.
        refused: Number of events that it has read and does not want.
        places: Where the first ten of these are, as `file, byte N`.
        damaged: Number of lines that are no events, or too long for one; a killed engine leaves one.
        is_busy: Whether another process is sending: then nothing was done.
    """

    posted: int = 0
    refused: int = 0
    places: tuple[str, ...] = ()
    damaged: int = 0
    is_busy: bool = False


def send_new(folder: Path, transport: HttpTransport, *, pause: Callable[[float], None] = time.sleep) -> Sent:
    """Post the events that the server does not have yet, in the order in which they were recorded.

    Args:
        folder: `<project>/.lakewright/lineage`; the position is kept in it, for each server.
        transport: The server.
        pause: Waits for some seconds between attempts.

    Raises:
        LineageNotSentError: The server does not answer, or takes no event now; what it took is not sent again.
    """
    if not folder.is_dir():
        return Sent()
    with _alone(folder / "sending.lock") as is_alone:
        if not is_alone:
            return Sent(is_busy=True)
        positions, sent, unsaved = Positions.read(folder, transport.url), Sent(), 0
        try:
            for path in sorted(folder.glob("*.jsonl")):
                with suppress(FileNotFoundError):  # `lakewright clean --runs` removes the files
                    position = positions.of(path)
                    for line in _new_lines(path, position.end):
                        sent = _post(line, path, transport, sent, pause)
                        positions = positions.moved(path, replace(position, end=line.end))
                        unsaved += 1
                        if unsaved % _SAVED_AFTER == 0:
                            positions.write()
        finally:
            if unsaved:
                positions.write()
        return sent


def _new_lines(path: Path, start: int) -> Iterator[Line]:
    """Yield the lines that have an end: a writer may be at work on the last one."""
    return (line for line in read_lines(path, start=start) if line.is_ended)


def _post(
    line: Line, path: Path, transport: HttpTransport, sent: Sent, pause: Callable[[float], None]
) -> Sent:
    if parse_event(line.text) is None:
        return replace(sent, damaged=sent.damaged + 1) if line.text or not line.is_kept else sent
    status = _answer(line.text, transport, pause)
    if is_taken(status):
        return replace(sent, posted=sent.posted + 1)
    if status in _REFUSED:
        places = (*sent.places, f"{path.name}, byte {line.start}")
        return replace(sent, refused=sent.refused + 1, places=places[:_PLACES])
    raise transport.problem(f"answered {status}")


def _answer(body: bytes, transport: HttpTransport, pause: Callable[[float], None]) -> int:
    """Return the status of the answer; several attempts where another one may help."""
    for number, seconds in enumerate(_PAUSES, start=1):
        pause(seconds)
        try:
            status = transport.post(body)
        except LineageNotSentError:
            if number == len(_PAUSES):
                raise
        else:
            if number == len(_PAUSES) or not (status in _TEMPORARY or status >= 500):
                return status
    raise AssertionError("no attempt was made")


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
