"""Secrets in the files of a bundle: tokens and keys that are known by their form."""

import re
from dataclasses import dataclass

from lakewright.bundle.model.diagnostic import Location
from lakewright.bundle.model.tree import Node, format_path, walk
from lakewright.shown_text.secret_forms import secret_in

_OF_SECRET = re.compile(r"(?:^|\.)resources\.secrets\.[^.]+\.value(?![^.\[])")


@dataclass(frozen=True)
class WrittenSecret:
    """A secret that stands in a file of the bundle.

    Attributes:
        what: What it is: `a token of Databricks`.
        path: The key path of the value.
        location: Where it stands.
    """

    what: str
    path: str
    location: Location | None


def written_secrets(tree: Node) -> tuple[WrittenSecret, ...]:
    """Return each secret in a file's tree once; the values of secrets of the bundle have a rule of their own."""
    found: dict[object, WrittenSecret] = {}
    for path, node in walk(tree):
        if isinstance(node.value, str) and (what := secret_in(node.value)):
            where = format_path(path)
            if not _OF_SECRET.search(where):
                found.setdefault(node.location or where, WrittenSecret(what, where, node.location))
    return tuple(found.values())
