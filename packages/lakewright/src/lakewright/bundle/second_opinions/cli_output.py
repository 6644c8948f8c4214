"""The diagnostics that `databricks bundle validate -o json` prints on stderr, as data.

Source: databricks/cli v1.9.0, libs/cmdio/render.go (the form), cmd/bundle/validate.go (stderr for diagnostics, stdout for the bundle),
    and the `output.txt` files below acceptance/bundle (examples).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lakewright.bundle.model.diagnostic import Location

_HEAD = re.compile(r"^(Error|Warning|Recommendation): (.*)$")
_PLACE = re.compile(r"^(?P<file>.+?):(?P<line>\d+):(?P<column>\d+)$")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
# Source: databricks/cli v1.9.0, libs/auth and the texts of its SDK; acceptance/bundle/multi_profile, acceptance/auth.
_NO_WORKSPACE = re.compile(
    r"auth configuration|default auth|configure default credentials|multiple profiles matched|cannot get access token"
    r"|invalid access token|refresh token|token refresh|not authenticated|unauthorized|authentication is not configured"
    r"|no such host|connection refused|connection reset|i/o timeout|dial tcp|tls: |x509: |context deadline exceeded|request timed out"
    r"|\b(?:401|403|429|50[0234])\b|invalid Databricks Account|workspace client|oauth",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class CliDiagnostic:
    """One diagnostic of the Databricks CLI.

    Attributes:
        severity: The severity.
        summary: Its first line.
        path: The first key path that it names.
        location: The first place that it names.
        detail: What follows.
    """

    severity: Literal["error", "warning", "recommendation"]
    summary: str
    path: str | None
    location: Location | None
    detail: str | None

    @property
    def is_about_the_workspace(self) -> bool:
        """Whether the CLI could not sign in or reach the workspace: this says nothing about the bundle."""
        return self.severity == "error" and self.location is None and bool(_NO_WORKSPACE.search(self.summary))


def diagnostics_in(text: str, root: Path) -> tuple[CliDiagnostic, ...]:
    """Return the diagnostics in what the CLI printed; lines before the first one are left out.

    Args:
        text: The content of stderr.
        root: The bundle's folder, which the CLI names files relative to.
    """
    return tuple(_diagnostic(block, root) for block in _blocks(_COLOUR.sub("", text)))


def _blocks(text: str) -> Iterator[list[str]]:
    block: list[str] = []
    for line in text.splitlines():
        if _HEAD.match(line):
            if block:
                yield block
            block = [line]
        elif block:
            block.append(line)
    if block:
        yield block


def _diagnostic(block: list[str], root: Path) -> CliDiagnostic:
    head = _HEAD.match(block[0])
    assert head is not None
    path, location, rest = None, None, 1
    for line in block[1:]:
        if not line.startswith("  "):
            break
        rest += 1
        value = line.strip()
        if value.startswith("at ") and path is None:
            path = value.removeprefix("at ")
        elif value.startswith("in ") and location is None:
            location = _location(value.removeprefix("in "), root)
    detail = "\n".join(block[rest:]).strip() or None
    severity = head[1].lower()
    assert severity in {"error", "warning", "recommendation"}
    return CliDiagnostic(severity, head[2], path, location, detail)  # type: ignore[arg-type]  # asserted above


def _location(text: str, root: Path) -> Location | None:
    found = _PLACE.match(text)
    return Location(root / found["file"], int(found["line"]), int(found["column"])) if found else None
