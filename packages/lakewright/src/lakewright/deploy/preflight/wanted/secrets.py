"""The secrets that a bundle and its configuration name: `{{secrets/scope/key}}` and `secret://scope/key`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lakewright.bundle import Bundle, Location
from lakewright.deploy.preflight.wanted.named import known_text, section, texts

_IN_BUNDLE = re.compile(r"\{\{\s*secrets/([^/}\s]+)/([^}\s]+)\s*\}\}")
_IN_CONFIG = re.compile(r"secret://([\w.\-@]+)/([\w.\-@]+)|\{\{\s*secrets/([^/}\s]+)/([^}\s]+)\s*\}\}")
_SHARED = "defaults"


@dataclass(frozen=True)
class WantedSecret:
    """A secret that something reads.

    Attributes:
        scope: Its scope.
        key: Its key; None if the bundle only names the scope.
        path: The key path in the bundle; None for one of `config/`.
        location: Where it is written.
    """

    scope: str
    key: str
    path: str | None
    location: Location | None


def secrets_of(bundle: Bundle) -> tuple[WantedSecret, ...]:
    """Return the secrets of the resources of a bundle and of the configuration of its environment, each once."""
    found: dict[tuple[str, str], WantedSecret] = {}
    for each in (*_in_bundle(bundle), *_in_config(bundle)):
        found.setdefault((each.scope, each.key), each)
    return tuple(found.values())


def own_scopes(bundle: Bundle) -> frozenset[str]:
    """Return the names of the scopes that the bundle makes itself."""
    names = (known_text(bundle, scope.get("name")) for _, scope in section(bundle, "secret_scopes"))
    return frozenset(name for name in names if name)


def _in_bundle(bundle: Bundle) -> Iterator[WantedSecret]:
    for text in texts(bundle.resolved.get("resources") or {}, "resources"):
        for scope, key in _IN_BUNDLE.findall(text.name):
            yield WantedSecret(scope, key, text.path, bundle.locate(text.path))


def _in_config(bundle: Bundle) -> Iterator[WantedSecret]:
    for name in (_SHARED, bundle.environment):
        file = bundle.root / "config" / f"{name}.yaml"
        for number, line in enumerate(_lines(file), start=1):
            for found in _IN_CONFIG.finditer(line.partition(" #")[0]):
                scope, key = (part for part in found.groups() if part)
                yield WantedSecret(scope, key, None, Location(file, number, found.start() + 1))


def _lines(file: Path) -> list[str]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    return ["" if line.lstrip().startswith("#") else line for line in lines]
