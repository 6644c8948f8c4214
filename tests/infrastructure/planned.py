"""What OpenTofu plans for an environment of the flights project in Databricks, with made-up answers of Azure and Databricks."""

import json
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from infrastructure.tofu_runs import tofu

ROOT = Path(__file__).parents[2]
FLIGHTS = ROOT / "examples/flights"


@dataclass(frozen=True)
class Planned:
    """A plan.

    Attributes:
        environment: The environment.
        changes: Its resources, as `tofu test -json -verbose` prints them.
    """

    environment: str
    changes: tuple[dict[str, Any], ...]

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        """Return the arguments of each resource of a kind, by address."""
        return {each["address"]: each["change"]["after"] for each in self.changes if each["type"] == kind}

    @cached_property
    def groups(self) -> set[str]:
        return {each["display_name"] for each in self.of("databricks_group").values()}

    @cached_property
    def service_principals(self) -> set[str]:
        return {each["display_name"] for each in self.of("databricks_service_principal").values()}

    @cached_property
    def memberships(self) -> set[tuple[str, str]]:
        """Who is in which group: the key of the resource says it, since ids are made up."""
        pairs = (re.search(r'"(.+) in (.+)"\]$', address) for address in self.of("databricks_group_member"))
        return {(pair[1], pair[2]) for pair in pairs if pair}

    @cached_property
    def catalog_grants(self) -> dict[str, set[str]]:
        """Privileges on the catalog, by the key of the resource: the name of a group, or `deployer`."""
        grants = self.of("databricks_grant")
        keys = {address: re.search(r'\["(.+)"\]$', address) for address in grants}
        return {
            found[1]: set(grants[address]["privileges"])
            for address, found in keys.items()
            if found and grants[address]["catalog"]
        }

    @property
    def catalog(self) -> dict[str, Any]:
        (only,) = self.of("databricks_catalog").values()
        return only


def copy_infrastructure(folder: Path) -> Path:
    """Copy what OpenTofu reads of the flights project; return the folder of the roots and modules."""
    shutil.copytree(FLIGHTS / "config", folder / "config")
    return Path(shutil.copytree(FLIGHTS / "infra/terraform", folder / "infra/terraform"))


def plan(folder: Path, environment: str) -> Planned:
    """Return the plan of an environment; `folder` gets a copy of the project's infrastructure."""
    root = copy_infrastructure(folder) / "databricks"
    (tests,) = (root / "tests").glob("environments.tftest.hcl")
    text = tests.read_text(encoding="utf-8")
    tests.write_text(_only(text, environment), encoding="utf-8")
    tofu(root, "init", "-backend=false")
    lines = map(json.loads, tofu(root, "test", "-json", "-verbose").splitlines())
    (found,) = (each["test_plan"] for each in lines if each["type"] == "test_plan")
    return Planned(environment, tuple(_managed(found["resource_changes"])))


def _only(text: str, run: str) -> str:
    """Return a file of tests with one of its runs."""
    head, *runs = re.split(r'^(?=run ")', text, flags=re.MULTILINE)
    (found,) = (each for each in runs if each.startswith(f'run "{run}" '))
    return head + found


def _managed(changes: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    return (each for each in changes if each["mode"] == "managed")
