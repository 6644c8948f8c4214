"""The libraries of the runtimes that the bundle names, against `constraints.txt`: what was developed with is what runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from lakewright.deploy.preflight.facts import Facts
from lakewright.deploy.preflight.finding import Finding, Role, Status, Step, Who
from lakewright.deploy.preflight.wanted import Wanted
from lakewright.runtime_checks.used import UsedRuntime, runtimes_of
from lakewright.runtimes import CONSTRAINTS_FILE, LEFT_FREE, Runtime

_NAME = "libraries"
_SHOWN = 5


def check(wanted: Wanted, facts: Facts) -> Iterator[Finding]:  # noqa: ARG001 - every check has these arguments
    """Yield the differences between `constraints.txt` and each runtime of the bundle."""
    used = runtimes_of(wanted.bundle)
    pins = _pins(wanted.bundle.root / CONSTRAINTS_FILE)
    for each in used:
        runtime = each.find_list()
        if runtime is None:
            yield Finding(
                _NAME,
                Status.NOT_KNOWN,
                each.written,
                "no list of its libraries is known here",
                each.path,
                wanted.place(each.path),
                ask=Who(Role.DEVELOPER),
                can_be_asked=False,
            )
        else:
            yield _compared(each, runtime, pins, wanted)
    if used:
        yield Finding(
            _NAME,
            Status.NOT_KNOWN,
            "libraries of the workspace",
            "compared with the published lists: a workspace shows its own libraries on running compute only",
            ask=Who(Role.DEPLOYER),
            can_be_asked=False,
        )


def _compared(used: UsedRuntime, runtime: Runtime, pins: Mapping[str, str], wanted: Wanted) -> Finding:
    place = wanted.place(used.path)
    step = Step(Who(Role.DEVELOPER), (f"lakewright runtimes {runtime.name} > {CONSTRAINTS_FILE}",))
    if not pins:
        summary = f"{CONSTRAINTS_FILE} is missing or pins nothing, so other versions are developed with"
        return Finding(_NAME, Status.NOTE, used.written, summary, used.path, place, (step,))
    other = [
        f"{name} {pins[name]} ({there} there)"
        for name, there in sorted(runtime.libraries.items())
        if name not in LEFT_FREE and name in pins and pins[name] != there
    ]
    if not other:
        summary = f"{CONSTRAINTS_FILE} has the versions of {runtime.name}"
        return Finding(_NAME, Status.OK, used.written, summary, used.path, place)
    more = f" and {len(other) - _SHOWN} more" if len(other) > _SHOWN else ""
    summary = f"{CONSTRAINTS_FILE} has other versions than {runtime.name}: {', '.join(other[:_SHOWN])}{more}"
    return Finding(_NAME, Status.MISSING, used.written, summary, used.path, place, (step,))


def _pins(file: Path) -> dict[str, str]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    found = {}
    for line in lines:
        try:
            requirement = Requirement(line.strip())
        except InvalidRequirement:
            continue
        versions = [each.version for each in requirement.specifier if each.operator == "=="]
        if versions:
            found[str(canonicalize_name(requirement.name))] = versions[0]
    return found
