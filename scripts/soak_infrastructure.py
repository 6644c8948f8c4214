"""The case of `make soak` for `infra/terraform`: all its tests, and checkov, which must find nothing, and a storage account with keys."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from soak_commands import ROOT, CaseFailedError, call, make_environment, run_tests
from soak_record import Case

_CHECKOV = "checkov==3.3.30"  # in an environment of its own: its dependencies are not ours
_TERRAFORM = ROOT / "examples" / "flights" / "infra" / "terraform"
_FOUND = re.compile(r"Passed checks: (\d+), Failed checks: (\d+), Skipped checks: (\d+)")


def check_infrastructure(folder: Path) -> str:
    """Return what was checked.

    Raises:
        CaseFailedError: A test failed or was skipped, checkov found something, or did not find what is wrong on purpose.
    """
    call(sys.executable, "scripts/infrastructure/toolchain.py")
    tested = run_tests(sys.executable, "tests/infrastructure")
    checkov = Path(make_environment(folder, "3.11", _CHECKOV)).parent / "checkov"
    passed, failed, skipped = _run(checkov, _TERRAFORM)
    if failed or not passed:
        raise CaseFailedError(f"checkov: {failed} checks failed, {passed} passed")
    wrong = Path(shutil.copytree(_TERRAFORM, folder / "wrong"))
    storage = wrong / "modules" / "storage" / "main.tf"
    storage.write_text(
        re.sub(
            r"(allow_nested_items_to_be_public\s*=) false", r"\1 true", storage.read_text(encoding="utf-8")
        )
    )
    if not _run(checkov, wrong)[1]:
        raise CaseFailedError("checkov does not find public blobs")
    return f"{tested}, checkov: {passed} checks passed, {skipped} left out with a reason"


def _run(checkov: Path, folder: Path) -> tuple[int, int, int]:
    options = ("--framework", "terraform", "--skip-download", "--quiet", "--compact")
    done = subprocess.run([checkov, "-d", folder, *options], capture_output=True, text=True, check=False)
    if "Parsing errors:" in done.stdout:
        raise CaseFailedError(f"checkov left files out that it cannot read: {done.stdout[-500:]}")
    if not (found := _FOUND.search(done.stdout)):
        raise CaseFailedError(f"checkov printed no result: {(done.stdout + done.stderr)[-500:]}")
    passed, failed, skipped = map(int, found.groups())
    return passed, failed, skipped


INFRASTRUCTURE = Case(
    "infrastructure/terraform",
    "every root and module of infra/terraform is valid, passes its own tests and checkov, and refuses what is wrong",
    check_infrastructure,
)
