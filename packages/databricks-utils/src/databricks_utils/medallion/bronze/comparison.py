"""Compare the files of a landing folder with the deliveries so far: which are new, and which add nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from databricks_utils.medallion.bronze.deliveries import Deliveries, Delivery
from databricks_utils.medallion.landing.files import LandingFile
from databricks_utils.medallion.landing.inspection import Drop, sha256_of


@dataclass(frozen=True)
class Comparison:
    """The files of a landing folder, sorted by what the ingestion does with them.

    Attributes:
        new: Files to load: a new content, or a known file with another content than last.
        repeated: Files with a new name whose content was loaded under another name, and that name.
        known: Files that bronze holds, each with its delivery.
        unread: Number of known files among them that were recognised by size and time, without reading them.
    """

    new: tuple[Drop, ...]
    repeated: tuple[tuple[Drop, str], ...]
    known: tuple[tuple[Drop, Delivery], ...]
    unread: int


def compare(
    files: Iterable[LandingFile], deliveries: Deliveries, *, digest: Callable[[Path], str] = sha256_of
) -> Comparison:
    """Sort the files of a landing folder.

    A known file with another content than last is delivered again, also if it is one that was loaded earlier. A new name with
    a content that was loaded before adds nothing.

    Args:
        files: The files, in the order in which they count.
        deliveries: What was loaded so far.
        digest: Returns the hash of a file's bytes.
    """
    contents = dict(deliveries.contents)
    new, repeated, known, unread = list[Drop](), list[tuple[Drop, str]](), list[tuple[Drop, Delivery]](), 0
    for file in files:
        last = deliveries.last.get(file.name)
        held = last is not None and (last.sha256 in contents if last.repeats else last.is_complete)
        if last is not None and held and last.is_surely(file):
            known.append((Drop(file, last.sha256), last))
            unread += 1
            continue
        drop = Drop(file, digest(file.path))
        if last is not None and held and last.sha256 == drop.sha256:
            known.append((drop, last))
        elif drop.sha256 in contents and (last is None or last.repeats or last.sha256 == drop.sha256):
            repeated.append((drop, contents[drop.sha256]))
        else:
            new.append(drop)
            contents.setdefault(drop.sha256, file.name)
    return Comparison(tuple(new), tuple(repeated), tuple(known), unread)
