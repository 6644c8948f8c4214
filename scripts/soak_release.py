"""The part `releases` of `make soak`: our packages are built twice, and work where nothing else is installed."""

from pathlib import Path

from soak_commands import CaseFailedError, call, make_environment, python_version
from soak_record import Case


def release_twice(folder: Path) -> str:
    """Build a release twice, compare the bytes, and verify it; return what was built.

    Raises:
        CaseFailedError: The builds differ, or a step of the release failed.
    """
    locks = (part for name in ("dev", "release") for part in ("-r", f"requirements/{name}.lock"))
    python = make_environment(folder, "3.12", "--require-hashes", *locks)
    built = [folder / "dist", folder / "again"]
    for each in built:
        call(python, "scripts/release.py", "build", str(each))
    if len({(each / "SHA256SUMS").read_bytes() for each in built}) != 1:
        raise CaseFailedError("two builds differ")
    call(python, "scripts/release.py", "verify", str(built[0]))
    return f"{python_version(python)}, {len(list(built[0].iterdir())) - 1} files"


RELEASE = Case(
    "releases/packages",
    "both packages, built twice to the same bytes, work in an empty environment",
    release_twice,
)
