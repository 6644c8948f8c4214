"""The page of privileges is that of the table, and the table reaches an installation."""

import tomllib
from importlib.resources import files
from pathlib import Path

import privileges_page
import pytest

from databricks_utils.catalog.grants import known_privileges

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[1]


def test_the_page_is_that_of_the_table():
    assert privileges_page.PAGE.read_text(encoding="utf-8") == privileges_page.page(), (
        "run `make privileges` and commit it"
    )


def test_every_privilege_that_belongs_somewhere_is_on_the_page_once_and_every_open_question():
    page = privileges_page.page()
    tables, _, questions = page.partition("## What the documentation leaves open")
    for privilege in known_privileges().values():
        links = tables.count(f"| [{privilege.sql}](")
        assert links == bool(privilege.on or privilege.elsewhere)
        assert (privilege.unverified or "") in questions


def test_a_stale_page_is_refused(tmp_path, monkeypatch):
    stale = tmp_path / "privileges.md"
    stale.write_text(privileges_page.page().replace("Read rows.", "Read."), encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["privileges_page.py", "--check"])
    with pytest.raises(SystemExit, match="run `make privileges` and commit it"):
        privileges_page.write_or_compare(stale, privileges_page.page(), "make privileges")


def test_the_table_is_in_the_package_and_not_left_out_of_its_wheel():
    assert files("databricks_utils.catalog.grants").joinpath("privileges.json").is_file()
    project = tomllib.loads((ROOT / "packages" / "databricks-utils" / "pyproject.toml").read_text())
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel == {"packages": ["src/databricks_utils"]}, "a list of files would need the JSON"
