"""A small bundle with grants, in a folder of its own."""

import subprocess
from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner, Result

from lakewright.commands.grants import command
from lakewright.errors import LakewrightError

ROBOT = "0f3b1c52-6d1e-4f0a-9b7d-2f6f5a1c9e84"
BUNDLE = """\
bundle: {name: shop}
include: [resources/*.yml]
variables:
  catalog: {}
  loader: {}
  readers: {default: readers}
targets:
  dev:
    mode: development
    default: true
    variables: {catalog: dev_shop, loader: dev-loader}
  prod:
    mode: production
    workspace: {root_path: /Workspace/Shared/.bundle/shop}
    variables: {catalog: prod_shop, loader: prod-loader}
permissions: [{level: CAN_MANAGE, group_name: users}]
"""
SCHEMAS = """\
resources:
  schemas:
    gold:
      catalog_name: ${var.catalog}
      name: gold
      grants:
        - {principal: "${var.loader}", privileges: [USE_SCHEMA, SELECT, MODIFY, CREATE_TABLE]}
        - principal: ${var.readers}
          privileges:
            - USE_SCHEMA
            - SELECT
  volumes:
    files:
      catalog_name: ${var.catalog}
      schema_name: ${resources.schemas.gold.name}
      name: files
      grants: [{principal: "${var.loader}", privileges: [READ_VOLUME]}]
  jobs:
    load: {name: load, run_as: {service_principal_name: "${var.loader}"}}
"""
CONFIG = """\
principals:
  readers: readers
  bi: dashboards
  users: {ana@example.com: [readers]}
"""


class Shop:
    """A project in a folder, and the commands that are run in it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
        return path

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(command, list(arguments), standalone_mode=False)

    def output(self, *arguments: str) -> str:
        done = self.run(*arguments)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.stdout

    def refused(self, *arguments: str) -> LakewrightError:
        done = self.run(*arguments)
        assert hasattr(done.exception, "fix"), done.output
        assert done.exception.fix
        return done.exception

    def git(self, *arguments: str) -> None:
        named = ["-c", "user.name=a", "-c", "user.email=git@example.com", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *named, *arguments], cwd=self.root, check=True, capture_output=True)

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-qm", "state")


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A folder without a bundle, which is the current one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setenv("DATABRICKS_CURRENT_USER", ROBOT)
    return Shop(tmp_path)


@pytest.fixture
def shop(empty: Shop) -> Shop:
    """A bundle with two targets whose grants are fine."""
    empty.write("databricks.yml", BUNDLE)
    empty.write("resources/schemas.yml", SCHEMAS)
    for target in ("dev", "prod"):
        empty.write(f"config/{target}.yaml", CONFIG)
    return empty
