"""`run.sh approve`: it approves the private endpoints that our states name, and leaves what else is pending at the storage."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from infrastructure.planned import FLIGHTS

pytestmark = pytest.mark.unit

STORAGE = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts"
DATA, OWN = f"{STORAGE}/stflightsprod0a1b2c", f"{STORAGE}/dbflightsprod0a1b2c"
WANTED = {"azure": f"{OWN} pe-flights-prod-workspace-dfs", "databricks": f"{DATA} databricks-n-pe-1"}
TERRAFORM = """#!/bin/sh
case "$1 $2" in
  "-chdir=$ROOTS/azure init" | "-chdir=$ROOTS/databricks init") ;;
  "-chdir=$ROOTS/azure output" | "-chdir=$ROOTS/databricks output")
    [ "$3 $4 $5" = "-no-color -raw endpoints_to_approve" ] || exit 1
    printf %s "$(cat "$WANTED/${1##*/}")" ;;
  *) exit 1 ;;
esac
"""
# Azure's command line, for two commands. The query is JMESPath, of which this form alone is understood.
# Source: https://learn.microsoft.com/cli/azure/network/private-endpoint-connection
AZ = '''#!{python}
import json, os, re, sys
group, options = sys.argv[1:4], dict(zip(sys.argv[4::2], sys.argv[5::2], strict=True))
connections = json.load(open(os.environ["CONNECTIONS"]))
if group == ["network", "private-endpoint-connection", "list"] and set(options) == {{"--id", "--output", "--query"}}:
    matches = r"""\\[\\?ends_with\\(properties\\.privateEndpoint\\.id, '([^']+)'\\)\\]"""
    shown = r"""\\.\\[id, properties\\.privateLinkServiceConnectionState\\.status\\]"""
    end = re.fullmatch(matches + shown, options["--query"])[1]
    for each in connections:
        if each["resource"] == options["--id"] and each["endpoint"].endswith(end):
            print(each["id"], each["state"], sep="\\t")
elif group == ["network", "private-endpoint-connection", "approve"] and set(options) == {{"--id", "--description", "--output"}}:
    (found,) = (each for each in connections if each["id"] == options["--id"])
    found["state"] = "Approved"
    json.dump(connections, open(os.environ["CONNECTIONS"], "w"))
else:
    sys.exit(f"unknown: {{sys.argv}}")
'''


def connection(resource: str, name: str, state: str) -> dict[str, str]:
    endpoint = f"/subscriptions/theirs/resourceGroups/x/providers/Microsoft.Network/privateEndpoints/{name}"
    return {"id": f"{resource}/{name}.1", "resource": resource, "endpoint": endpoint, "state": state}


@pytest.fixture
def approve(tmp_path: Path) -> Callable[..., tuple[subprocess.CompletedProcess[str], dict[str, str]]]:
    """Run `run.sh approve prod` on connections; return what it did, and the states of the connections by name."""
    roots = tmp_path / "terraform"
    shutil.copytree(FLIGHTS / "infra/terraform", roots, ignore=shutil.ignore_patterns("modules"))
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in {"terraform": TERRAFORM, "az": AZ.format(python=sys.executable)}.items():
        (programs / name).write_text(text, encoding="utf-8")
        (programs / name).chmod(0o755)

    def run(*connections: dict[str, str], wanted: dict[str, str] = WANTED):
        states = tmp_path / "connections.json"
        states.write_text(json.dumps(connections), encoding="utf-8")
        for root, lines in wanted.items():
            (tmp_path / root).write_text(lines, encoding="utf-8")
        environ = os.environ | {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "ROOTS": str(roots),
            "WANTED": str(tmp_path),
            "CONNECTIONS": str(states),
        }
        command = ["bash", str(roots / "run.sh"), "approve", "prod"]
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
        after = {
            each["endpoint"].rpartition("/")[2]: each["state"] for each in json.loads(states.read_text())
        }
        return done, after

    return run


def test_what_our_states_name_is_approved_and_nothing_else(approve):
    done, after = approve(
        connection(OWN, "pe-flights-prod-workspace-dfs", "Pending"),
        connection(DATA, "databricks-n-pe-1", "Pending"),
        connection(DATA, "databricks-n-pe-11", "Pending"),
        connection(DATA, "stranger-databricks-n-pe-1", "Pending"),
    )
    assert done.returncode == 0, done.stderr
    assert after == {
        "pe-flights-prod-workspace-dfs": "Approved",
        "databricks-n-pe-1": "Approved",
        "databricks-n-pe-11": "Pending",
        "stranger-databricks-n-pe-1": "Pending",
    }
    assert done.stdout.splitlines() == [
        "approved: pe-flights-prod-workspace-dfs",
        "approved: databricks-n-pe-1",
    ]


def test_it_can_be_repeated(approve):
    done, after = approve(
        connection(OWN, "pe-flights-prod-workspace-dfs", "Approved"),
        connection(DATA, "databricks-n-pe-1", "Pending"),
    )
    assert done.returncode == 0, done.stderr
    assert set(after.values()) == {"Approved"}
    assert "approved before: pe-flights-prod-workspace-dfs" in done.stdout


@pytest.mark.parametrize(
    ("connections", "error"),
    [
        (
            [],
            f"no connection of pe-flights-prod-workspace-dfs at {OWN}\n  fix: it takes some minutes after apply",
        ),
        (
            [connection(OWN, "pe-flights-prod-workspace-dfs", "Disconnected")],
            "pe-flights-prod-workspace-dfs is Disconnected\n  fix: apply azure with -replace=",
        ),
        (
            [connection(OWN, "pe-flights-prod-workspace-dfs", "Pending")] * 2,
            f"several endpoints at {OWN} are called pe-flights-prod-workspace-dfs\n  fix: somebody took this name",
        ),
    ],
    ids=["not there yet", "taken back", "name that somebody took"],
)
def test_what_cannot_be_approved_fails_after_the_rest_was_approved(connections, error, approve):
    done, after = approve(*connections, connection(DATA, "databricks-n-pe-1", "Pending"))
    assert done.returncode == 1
    assert error in done.stderr
    assert after["databricks-n-pe-1"] == "Approved"
    assert after.get("pe-flights-prod-workspace-dfs") in (None, "Disconnected", "Pending")


def test_without_private_there_is_nothing_to_approve(approve):
    done, after = approve(connection(DATA, "x", "Pending"), wanted={"azure": "", "databricks": ""})
    assert (done.returncode, done.stdout, after) == (0, "", {"x": "Pending"})
