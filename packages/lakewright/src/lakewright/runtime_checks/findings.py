"""What differs between a project's environment and the runtimes of its jobs, each difference with what to do."""

from collections.abc import Iterator
from pathlib import Path

from databricks_utils.nearest import listing
from lakewright.bundle import Bundle, load_bundle
from lakewright.machine_checks import Finding
from lakewright.runtime_checks.installation import Installation, pinned_by, this_installation
from lakewright.runtime_checks.used import UsedRuntime, runtimes_of
from lakewright.runtimes import (
    CONSTRAINTS_FILE,
    Runtime,
    compared,
    constraints_of,
    differences,
    known_runtimes,
)

_NAME = "runtime"
_INSTALL = "pip install -r requirements-dev.txt"


def examine_runtimes(
    project: Path, *, target: str | None = None, installation: Installation | None = None
) -> list[Finding]:
    """Compare a project's environment with the runtimes of its jobs.

    Args:
        project: The project's root, which contains a bundle.
        target: The bundle's target; without one, the default target.
        installation: What to compare; by default the interpreter that runs this code.
    """
    bundle = load_bundle(project, target=target)
    if bundle.has_errors:
        fix = f"lakewright validate{f' -t {target}' if target else ''}"
        return [Finding(_NAME, "warning", "unknown: the bundle has errors", fix)]
    used = runtimes_of(bundle)
    if not used:
        return [
            Finding(_NAME, "ok", "the bundle names none: no job has a cluster or a serverless environment")
        ]
    here = installation or this_installation()
    found = [finding for each in used for finding in _compare(project, bundle, each, here)]
    return [*found, *_constraints(project, used)]


def _compare(project: Path, bundle: Bundle, used: UsedRuntime, here: Installation) -> Iterator[Finding]:
    place = bundle.locate(used.path)
    where = f"{place.file.name}:{place.line}" if place else used.path
    if used.is_too_old:
        seen = f"{used.written} ({where}) is older than the oldest supported runtimes"
        yield Finding(
            _NAME, "warning", seen, "use environment_version 4, Databricks Runtime 17.3 LTS, or a newer one"
        )
    runtime = used.find_list()
    if runtime is None:
        seen = f"{used.written} ({where}): no list of its libraries is known, so nothing was compared"
        yield Finding(
            _NAME, "warning", seen, f"choose one of: {listing(known_runtimes())}, or compare by hand"
        )
        return
    yield from _python(runtime, here)
    yield from _libraries(runtime, here, pinned_by(project), f"{used.written} ({where})")


def _python(runtime: Runtime, here: Installation) -> Iterator[Finding]:
    if here.python.startswith(f"{runtime.python}."):
        return
    yield Finding(
        _NAME,
        "warning",
        f"Python {here.python}; {runtime.name} has {runtime.python}",
        f"make the environment with it: python{runtime.python} -m venv --clear .venv && .venv/bin/{_INSTALL}",
    )


def _libraries(runtime: Runtime, here: Installation, own: frozenset[str], where: str) -> Iterator[Finding]:
    found = differences(runtime, here.libraries, own)
    for each in found:
        seen = f"{each.library} {each.here}; {runtime.name} has {each.there}"
        yield Finding(_NAME, "warning", seen, f"pip install '{each.library}=={each.there}'")
    same = len(compared(runtime, here.libraries, own)) - len(found)
    yield Finding(_NAME, "ok", f"{same} libraries are those of {runtime.name}, by {where}")
    brought = sorted(own & runtime.libraries.keys() & here.libraries.keys())
    if brought:
        listed = ", ".join(
            f"{name} {here.libraries[name]} ({runtime.name} has {runtime.libraries[name]})"
            for name in brought
        )
        yield Finding(_NAME, "ok", f"the project brings its own {listed}")
    spark = here.libraries.get("pyspark", "none")
    yield Finding(
        _NAME,
        "ok",
        f"pyspark {spark} here, Spark {runtime.spark} there: the local engine is locked to one version",
    )


def _constraints(project: Path, used: tuple[UsedRuntime, ...]) -> Iterator[Finding]:
    """Yield a finding if `constraints.txt` does not hold the libraries of a runtime of the bundle."""
    runtimes = [runtime for each in used if (runtime := each.find_list()) is not None]
    if not runtimes:
        return
    fix = f"lakewright runtimes {runtimes[0].name} > {CONSTRAINTS_FILE}, then {_INSTALL}"
    file = project / CONSTRAINTS_FILE
    if not file.is_file():
        seen = f"{CONSTRAINTS_FILE} is missing, so an installation takes the newest versions"
        yield Finding(_NAME, "warning", seen, fix)
    elif _pins(file.read_text(encoding="utf-8")) not in [_pins(constraints_of(each)) for each in runtimes]:
        seen = f"{CONSTRAINTS_FILE} does not hold the libraries of {listing(each.name for each in runtimes)}"
        yield Finding(_NAME, "warning", seen, fix)


def _pins(text: str) -> set[str]:
    return {line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")}
