"""The Databricks CLI on PATH has a version that the bundle takes.

Source: https://github.com/databricks/cli/blob/main/bundle/config/mutator/verify_cli_version.go
"""

from __future__ import annotations

from collections.abc import Iterator

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from lakewright.deploy.preflight.facts import Facts
from lakewright.deploy.preflight.finding import Finding, Role, Status, Step, Who
from lakewright.deploy.preflight.wanted import Wanted

_NAME, _SUBJECT, _PATH = "Databricks CLI", "the CLI on PATH", "bundle.databricks_cli_version"
_INSTALL = "https://docs.databricks.com/aws/en/dev-tools/cli/install"


def check(wanted: Wanted, facts: Facts) -> Iterator[Finding]:
    """Yield whether the CLI is there and has the version that the bundle wants."""
    required = (wanted.bundle.resolved.get("bundle") or {}).get("databricks_cli_version")
    place = wanted.place(_PATH) if required else None
    path = _PATH if required else None
    words = f"version {required}" if required else "any version"
    step = Step(Who(Role.DEPLOYER), (f"install the Databricks CLI, {words}: {_INSTALL}",))
    if facts.cli_version is None:
        summary = "it is not there, and it deploys the bundle"
        yield Finding(_NAME, Status.MISSING, _SUBJECT, summary, path, place, (step,))
        return
    fits = fits_version(facts.cli_version, str(required)) if required else True
    if fits is None:
        summary = f"its version {facts.cli_version} cannot be compared with {required}"
        yield Finding(_NAME, Status.NOT_KNOWN, _SUBJECT, summary, path, place, ask=Who(Role.DEVELOPER))
    elif fits:
        yield Finding(_NAME, Status.OK, _SUBJECT, f"version {facts.cli_version}", path, place)
    else:
        summary = f"its version is {facts.cli_version}, and the bundle wants {required}"
        yield Finding(_NAME, Status.MISSING, _SUBJECT, summary, path, place, (step,))


def fits_version(version: str, required: str) -> bool | None:
    """Return whether a version fits what a bundle requires; None if one of the two cannot be read.

    >>> fits_version("0.270.0", ">= 0.218.0, <= 1.0.0"), fits_version("0.200.0", "0.218.*")
    (True, False)
    """
    parts = [part.strip() for part in required.split(",")]
    pinned = [part.replace(" ", "") if part[:1] in "<>=!" else f"=={part}" for part in parts if part]
    try:
        return SpecifierSet(",".join(pinned)).contains(Version(version), prereleases=True)
    except (InvalidSpecifier, InvalidVersion):
        return None
