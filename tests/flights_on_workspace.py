"""The flights project in a folder of its own, with its wheels, and a workspace that is ready for it."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bundle_deployer import Deployer
from bundle_deployer.loading import load

from lakewright.bundle import load_bundle

if TYPE_CHECKING:
    from workspace_fake.workspace import FakeWorkspace

ROOT = Path(__file__).parents[1]
TARGETS = ("dev", "staging", "prod")
DEPLOYER = "deployer@example.com"
_BUILD = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
_NOT_COPIED = ("*.gz", ".venv", ".lakewright", "__pycache__", "dist", ".databricks")


def copy_flights(folder: Path) -> Path:
    """Copy the flights project, with the wheel of `databricks-utils` of this repository in `wheels/`; return its folder."""
    project = folder / "flights"
    shutil.copytree(ROOT / "examples" / "flights", project, ignore=shutil.ignore_patterns(*_NOT_COPIED))
    return with_wheel(project)


def with_wheel(project: Path) -> Path:
    """Build the wheel of `databricks-utils` into a project; return the project."""
    subprocess.run(
        [sys.executable, "-c", _BUILD, str(project / "wheels")],
        cwd=ROOT / "packages" / "databricks-utils",
        check=True,
        capture_output=True,
    )
    return project


def make_ready(workspace: "FakeWorkspace", project: Path, target: str) -> str:
    """Add what the bundle expects to be there: catalogs, groups, service principals, and who deploys; return their token."""
    bundle = load_bundle(project, target=target, environ={"DATABRICKS_CURRENT_USER": DEPLOYER})
    token, deployer = workspace.add_user(DEPLOYER), DEPLOYER
    variables = bundle.resolved.get("variables") or {}
    if named := (variables.get("deployer_principal") or {}).get("lookup"):  # a service principal deploys here
        deployer = workspace.application_id(named["service_principal"])
        token = workspace.add_service_principal(named["service_principal"])
    for name, variable in variables.items():
        lookup = variable.get("lookup") if isinstance(variable, dict) else None
        if lookup and "cluster_policy" in lookup:
            policy = {"policy_id": "POLICY", "name": lookup["cluster_policy"], "definition": "{}"}
            workspace.state.policies["POLICY"] = policy
        elif lookup and name != "deployer_principal":
            workspace.add_service_principal(lookup["service_principal"], users=[deployer])
    whole: dict[str, Any] = (variables.get("principals") or {}).get("value") or {}
    if whole.get("jobs") not in (
        None,
        DEPLOYER,
    ):  # whom jobs run as reads what was deployed by being in this group
        workspace.add_group(whole["jobs"], members=workspace.state.people.users_of)
    values = list(_values(bundle.resolved.get("resources") or {}))
    for name in {value for field, value in values if field in ("principal", "group_name")}:
        if name != DEPLOYER and name not in ("users", "admins"):
            workspace.add_group(name)
    for name in {value for field, value in values if field == "catalog_name"}:
        if name not in workspace.state.catalogs:
            workspace.add_catalog(name, grants={deployer: ["USE_CATALOG", "CREATE_SCHEMA"]})
    return token


def _values(value: Any) -> Iterator[tuple[str, str]]:
    """Yield each text with the name of its field."""
    for name, each in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(each, dict | list):
            yield from _values(each)
        elif isinstance(each, str) and "${" not in each:
            yield str(name), each


def deployer_of(workspace: "FakeWorkspace", project: Path, target: str, token: str) -> Deployer:
    """Return a deployer of a target, which loads the bundle as it is now."""
    client = workspace.client(token)
    return Deployer(load(project, target, client), client)
