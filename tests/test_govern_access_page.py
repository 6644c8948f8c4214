"""The page about access: what it shows as a refusal is refused by the grants of the flights project."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from lakewright.cli import cli

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/how-to/govern-access.md").read_text(encoding="utf-8")
NEEDED = {"DELETE": "MODIFY", "SELECT": "SELECT"}


@pytest.fixture
def may(monkeypatch):
    """Return the privileges that somebody has on a schema in a local run."""
    monkeypatch.chdir(ROOT / "examples/flights")

    def rights(principal, schema):
        done = CliRunner().invoke(cli, ["grants", "show", principal, "--on", schema, "--local", "-o", "json"])
        assert done.exit_code == 0, done.output
        return {each["privilege"] for each in json.loads(done.stdout)["rights"]}

    return rights


def shown():
    """Return who runs which statement on which schema, in the block of refusals."""
    pattern = r'^\$ lakewright sql --as (\S+) "(\w+) .*?FROM (\w+\.\w+)\.\w+"$'
    return re.findall(pattern, PAGE, re.MULTILINE)


def test_each_statement_that_is_shown_as_refused_needs_a_right_that_its_principal_lacks(may):
    statements = shown()
    assert len(statements) == 2
    for principal, verb, schema in statements:
        assert NEEDED[verb] not in may(principal, schema)


def test_no_job_is_shown_as_refused_that_succeeds_when_nothing_has_changed():
    blocks = re.findall(r"^```console\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert not [line for block in blocks for line in block.splitlines() if " run " in line and "--as" in line]


def test_an_analyst_may_read_what_it_may_not_change(may):
    assert "SELECT" in may("analyst@example.com", "local_analytics.flights_bronze")
