"""The whole walk: load the bundle, sign in, look its names up, load it again as who deploys, read the facts, judge them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lakewright.bundle import Bundle, load_bundle, raise_on_errors
from lakewright.databricks_cli.program import find_cli
from lakewright.deploy.preflight.checks.registry import findings_of
from lakewright.deploy.preflight.facts import Facts, read_facts
from lakewright.deploy.preflight.facts.lookups import look_up
from lakewright.deploy.preflight.finding import Finding, Status
from lakewright.deploy.preflight.wanted import wanted_of
from lakewright.workspace import identity_of, sign_in


@dataclass(frozen=True)
class Report:
    """What was found for one target.

    Attributes:
        target: The target.
        host: The address of the workspace.
        signed_in: How: `profile prod (oauth-m2m)`.
        findings: All findings, in the order of the checks.
        facts: What they are about.
        asked: The questions that the workspace was asked, each with its method.
    """

    target: str
    host: str
    signed_in: str
    findings: tuple[Finding, ...]
    facts: Facts
    asked: tuple[str, ...]

    def count(self, status: Status) -> int:
        """Return how many findings have a status."""
        return sum(each.status is status for each in self.findings)

    def is_fine(self, *, strict: bool) -> bool:
        """Return whether nothing is missing; if strict, also whether nothing is unknown that somebody could find out."""
        unknown = any(each.status is Status.NOT_KNOWN and each.can_be_asked for each in self.findings)
        return not self.count(Status.MISSING) and not (strict and unknown)


def examine(
    project: Path,
    *,
    target: str | None = None,
    variables: Mapping[str, str] | None = None,
    profile: str | None = None,
    seconds: float = 300,
) -> Report:
    """Return whether a bundle can be deployed to the workspace of a target and run there, and what is missing.

    The workspace is asked, never changed.

    Args:
        project: A folder of the bundle.
        target: The target; without one, the default target.
        variables: Values of variables, as `--var` gives them.
        profile: The profile to sign in with.
        seconds: After how many seconds no further question is asked; what was not asked is then not known.

    Raises:
        BundleError: The bundle has errors.
        MissingSdkError: `databricks-sdk` is not installed.
        SignInError: Nobody can sign in.
    """
    given = dict(variables or {})
    first = _without_errors(load_bundle(project, target=target, variables=given, run_python=False))
    connection = sign_in(first, profile=profile, seconds=seconds)
    me = identity_of(connection.calls)
    lookups = look_up(first, connection.calls, given=given)
    environ = {**os.environ, "DATABRICKS_CURRENT_USER": me.name}
    bundle = _without_errors(
        load_bundle(project, target=target, variables={**lookups.values, **given}, environ=environ)
    )
    wanted = wanted_of(bundle)
    facts = read_facts(connection, wanted, me=me, lookups=lookups.counts, cli=find_cli(os.environ))
    return Report(
        target=bundle.target,
        host=connection.host,
        signed_in=f"by {connection.source} ({connection.auth_type})",
        findings=findings_of(wanted, facts),
        facts=facts,
        asked=tuple(connection.calls.asked),
    )


def _without_errors(bundle: Bundle) -> Bundle:
    raise_on_errors(bundle)
    return bundle
