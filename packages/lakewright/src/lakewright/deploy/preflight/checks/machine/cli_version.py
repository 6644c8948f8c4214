"""The Databricks CLI on PATH has a version that the bundle takes.

Source: https://github.com/databricks/cli/blob/main/bundle/config/mutator/verify_cli_version.go
"""

from __future__ import annotations

from collections.abc import Iterator

from lakewright.databricks_cli.program import Cli, fits_version, missing_cli, unfit
from lakewright.deploy.preflight.facts import Facts
from lakewright.deploy.preflight.finding import Finding, Role, Status, Step, Who
from lakewright.deploy.preflight.wanted import Wanted

_NAME, _SUBJECT, _PATH = "Databricks CLI", "the CLI on PATH", "bundle.databricks_cli_version"


def check(wanted: Wanted, facts: Facts) -> Iterator[Finding]:
    """Yield whether the CLI is there and has the version that the bundle wants."""
    cli, required = facts.cli, wanted.bundle.cli_version
    place = wanted.place(_PATH) if required else None
    path = _PATH if required else None
    error = unfit(cli, required) if cli else missing_cli()
    if error:
        step = Step(Who(Role.DEPLOYER), (str(error.fix),))
        yield Finding(_NAME, Status.MISSING, _SUBJECT, error.summary, path, place, (step,))
        return
    assert cli is not None
    if _is_known_to_fit(cli, required):
        yield Finding(_NAME, Status.OK, _SUBJECT, f"version {cli.version}", path, place)
    else:
        summary = f"its version {cli.version} cannot be compared with {required}"
        yield Finding(_NAME, Status.NOT_KNOWN, _SUBJECT, summary, path, place, ask=Who(Role.DEVELOPER))


def _is_known_to_fit(cli: Cli, required: str) -> bool:
    return not required or fits_version(cli.version, required) is True
