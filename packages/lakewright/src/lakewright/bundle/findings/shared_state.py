"""Findings about targets that keep their state in the same place: they are seen only where all targets are loaded."""

from collections.abc import Iterator, Sequence

from lakewright.bundle.model.bundle import Bundle
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.targets.shared_state import SharedState


def shared_state_findings(bundles: Sequence[Bundle]) -> Iterator[tuple[Diagnostic, frozenset[str]]]:
    """Yield a finding and its two targets, for each target whose state lies where that of another one lies.

    A path with a reference that only a workspace resolves says nothing, and neither do targets without a host in one bundle
    with a profile in another.
    """
    first: dict[tuple[str, str, str], str] = {}
    for bundle in bundles:
        workspace = bundle.resolved.get("workspace") or {}
        host, profile, state = (
            str(workspace.get(field) or "") for field in ("host", "profile", "state_path")
        )
        if not state or "${" in f"{host}{profile}{state}":
            continue
        place = (host.rstrip("/"), profile, state)
        if place in first:
            finding = SharedState.of(bundle.target, first[place], state, bundle.locate("workspace.root_path"))
            yield finding, frozenset({bundle.target, first[place]})
        else:
            first[place] = bundle.target
