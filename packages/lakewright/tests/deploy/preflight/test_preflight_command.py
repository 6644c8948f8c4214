"""`lakewright preflight` from the command line to HTTP and back."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from databricks_utils.catalog.grants import Grant, Securable, SecurableKind
from lakewright.deploy.preflight.grants_written import as_terraform

pytest.importorskip("databricks.sdk")

pytestmark = pytest.mark.unit

UC = "/api/2.1/unity-catalog"
TOKEN = "dapi-secret-of-the-test"
ME, ROBOT = "ana@example.com", "0f3b1c52-6d1e-4f0a-9b7d-2f6f5a1c9e84"
FLIGHTS = Path(__file__).parents[5] / "examples" / "flights"


def test_a_workspace_with_all_that_the_bundle_wants_is_fine(project):
    done = project.run("--all")
    assert done.exit_code == 0
    assert f"Signed in:  user {ME}, by the environment (pat)" in done.stdout
    assert "ok        catalog: catalog prod_shop: it exists and is open to all workspaces" in done.stdout
    assert "MISSING" not in done.stdout
    assert "questions, nothing was changed" in done.stdout


def test_what_is_fine_is_counted_and_not_listed(project):
    assert "catalog prod_shop" not in project.run().stdout


def test_something_missing_fails_and_ends_with_what_to_run_by_whom(project):
    project.workspace.grant("catalog", "prod_shop", me=["USE_CATALOG"])
    project.workspace.people["Groups"].pop(0)
    done = project.run()
    assert done.exit_code == 2
    table, _, steps = done.stdout.partition("What to run, in this order")
    assert (
        "MISSING   principal: group readers: this workspace does not know it\n          --> resources/all.yml:8:"
        in table
    )
    blocks = re.findall(r"^(\w[^\n]*):$", steps, re.MULTILINE)
    assert blocks[0] == "An account admin"
    assert blocks[1] == "The owner of catalog prod_shop (`platform`)"
    grants = re.findall(r"GRANT .*", steps)
    assert grants == [
        f"GRANT CREATE SCHEMA ON CATALOG `prod_shop` TO `{ME}`;",
        f"GRANT USE CATALOG ON CATALOG `prod_shop` TO `{ROBOT}`;",
        "GRANT USE CATALOG ON CATALOG `prod_shop` TO `readers`;",
    ]


def test_terraform_keeps_what_the_principal_has_already(project):
    project.workspace.grant(
        "catalog", "prod_shop", me=["USE_CATALOG"], robot=["USE_CATALOG"], readers=["USE_CATALOG"]
    )
    done = project.run("--as", "terraform")
    assert (
        '    resource "databricks_grant" "prod_shop_ana_example_com" {\n'
        '      catalog    = "prod_shop"\n'
        f'      principal  = "{ME}"\n'
        '      privileges = ["USE_CATALOG", "CREATE_SCHEMA"]\n'
        "    }"
    ) in done.stdout


def test_not_known_fails_only_with_strict(project):
    project.workspace.refuse("/api/2.1/clusters/spark-versions")
    assert project.run().exit_code == 0
    assert project.run("--strict").exit_code == 2
    assert not project.report("--strict")["is_fine"]


def test_the_workspace_is_asked_and_never_changed(project):
    project.workspace.people["Groups"].clear()
    project.run()
    assert {line.split()[0] for line in project.workspace.asked} == {"GET"}
    assert len(project.workspace.asked) < 40


def test_jobs_are_asked_for_by_name_and_not_listed(project):
    project.run()
    jobs = [line for line in project.workspace.asked if "jobs/list" in line]
    assert jobs == ["GET /api/2.2/jobs/list?name=shop-load&limit=25"]


def test_as_json_the_report_has_findings_with_steps(project):
    project.workspace.answers[f"{UC}/catalogs/prod_shop"] = None
    report = project.report()
    assert report["schema_version"] == 1
    assert report["signed_in"] == {
        "name": ME,
        "display_name": ME,
        "kind": "user",
        "how": "by the environment (pat)",
    }
    found = next(each for each in report["findings"] if each["check"] == "catalog")
    assert (found["file"], found["path"]) == ("resources/all.yml", "resources.schemas.gold.catalog_name")
    assert found["steps"][0]["role"] == "metastore_admin"
    assert not report["is_fine"]


def test_a_service_principal_that_deploys_is_named_by_its_application_id(project):
    project.workspace.answers["/api/2.0/preview/scim/v2/Me"] = {
        "id": "9",
        "userName": ROBOT,
        "displayName": "shop-loader",
        "entitlements": [{"value": "workspace-access"}, {"value": "databricks-sql-access"}],
    }
    report = project.report()
    assert report["signed_in"]["kind"] == "service principal"
    grants = [
        text
        for each in report["findings"]
        for step in each["steps"]
        for text in step["commands"]
        if "GRANT" in text
    ]
    assert grants == [f"GRANT CREATE SCHEMA ON CATALOG `prod_shop` TO `{ROBOT}`;"]
    assert not [each for each in report["findings"] if each["check"] == "run as"]


def test_names_from_the_bundle_cannot_break_out_of_statements_and_commands(project):
    project.edit("databricks.yml", "{default: prod_shop}", "{default: 'x`; DROP CATALOG y; --'}")
    done = project.run()
    assert "CREATE CATALOG IF NOT EXISTS `x``; DROP CATALOG y; --`;" in done.stdout
    project.edit("resources/all.yml", "{principal: readers,", '{principal: "a\'; rm -rf b",')
    assert """--display-name 'a'"'"'; rm -rf b'""" in project.run().stdout


def test_a_name_from_the_workspace_cannot_change_the_terminal(project):
    project.workspace.answers[f"{UC}/catalogs/prod_shop"]["owner"] = "\x1b[2Jplatform"
    project.workspace.grant("catalog", "prod_shop", me=["USE_CATALOG"])
    output = project.run().stdout
    assert "[2Jplatform" in output
    assert "\x1b" not in output


def test_terraform_takes_no_name_for_an_expression():
    place = Securable(SecurableKind.CATALOG, ('a"b',))
    (text,) = as_terraform([Grant("${file(1)}%{if x}", "USE_CATALOG", place)], held={place: {}})
    assert 'principal  = "$${file(1)}%%{if x}"' in text
    assert 'catalog    = "a\\"b"' in text


def test_names_of_the_workspace_cannot_write_lines_of_their_own_or_move_the_cursor(project):
    project.workspace.file(
        "/Workspace/Shared/.bundle/shop/state/deploy.lock",
        {"User": "bob\x1b[2K\nok        all is well", "AcquisitionTime": "\x1b[1A"},
    )
    lines = project.run().stdout.splitlines()
    assert not [line for line in lines if line.startswith("ok ") or "\x1b" in line]
    assert any("`bob\\x1b[2K\\nok        all is well` holds the lock" in line for line in lines)


def test_a_bundle_with_errors_is_refused_before_anybody_signs_in(project):
    project.edit(
        "resources/all.yml",
        "catalog_name: ${var.catalog}\n      name: gold",
        "catalog_name: ${var.missing}\n      name: gold",
    )
    done = project.run()
    assert "missing" in str(done.exception)
    assert done.exception.exit_code == 2
    assert project.workspace.asked == []


def test_a_server_that_fails_once_is_asked_again(project):
    whole, left = project.workspace.answers["/api/2.2/jobs/list"], [1]

    def answer(_: dict) -> object:
        return (500, "INTERNAL_ERROR", "try again") if left and left.pop() else whole

    project.workspace.answers["/api/2.2/jobs/list"] = answer
    assert project.run().exit_code == 0
    assert sum("jobs/list" in line for line in project.workspace.asked) == 2


def test_a_server_that_keeps_failing_leaves_one_thing_unknown(project):
    project.workspace.answers["/api/2.2/jobs/list"] = (500, "INTERNAL_ERROR", f"bad\n{TOKEN}")
    found = project.findings("not known")["name"]
    assert found["summary"] == "the workspace failed to answer: bad"
    assert sum("jobs/list" in line for line in project.workspace.asked) == 3


def test_the_page_of_a_proxy_in_place_of_one_answer_leaves_one_thing_unknown(project):
    project.workspace.answers["/api/2.2/jobs/list"] = (502, "", "<html>Bad Gateway</html>")
    assert project.findings("not known")["name"]["summary"].startswith("the workspace failed to answer")
    assert sum("jobs/list" in line for line in project.workspace.asked) == 3


def test_a_busy_workspace_is_given_up_in_time(project, monkeypatch):
    monkeypatch.setattr("lakewright.workspace.signing_in._RETRY_SECONDS", 1)
    project.workspace.answers["/api/2.2/jobs/list"] = (429, "REQUEST_LIMIT_EXCEEDED", "slow down")
    found = project.findings("not known")["name"]
    assert found["summary"].startswith("too many requests: it was asked again until the time was over")


def test_after_the_time_nothing_more_is_asked_and_that_is_said(project, monkeypatch):
    moments = iter(range(0, 100_000, 2))
    monkeypatch.setattr("lakewright.workspace.calls.monotonic", lambda: next(moments))
    found = project.report("--timeout", "20")["findings"]
    late = [
        each for each in found if each["summary"].startswith("not asked: the time for all questions was over")
    ]
    assert len(late) > 3
    assert len(project.workspace.asked) < 15


def test_a_token_that_expires_on_the_way_ends_the_questions(project):
    project.workspace.answers[f"{UC}/current-metastore-assignment"] = (
        401,
        "UNAUTHENTICATED",
        f"Token {TOKEN} is expired",
    )
    error = project.run().exception
    assert error.exit_code == 3
    assert error.summary == "the credentials have expired"
    assert "databricks auth login" in error.fix
    assert TOKEN not in str(error)


@pytest.fixture
def flights(project, tmp_path, workspace) -> tuple[Path, object]:
    """The example, and the fake workspace with what an administrator makes for its production."""
    shutil.copytree(
        FLIGHTS, tmp_path / "flights", ignore=shutil.ignore_patterns(".lakewright", "data", "__pycache__")
    )
    return tmp_path / "flights", workspace


def prepare(workspace: object, folder: Path) -> str:
    """Make what preflight asks administrators for; return the token of who deploys."""
    wanted = yaml.safe_load((folder / "config/prod.yaml").read_text(encoding="utf-8"))["principals"]["users"]
    token = workspace.add_service_principal("flights-prod-deployer", groups=["admins"])
    robot = workspace.application_id("flights-prod-deployer")
    members: dict[str, list[str]] = {}
    for member, groups in wanted.items():
        is_job = member.endswith("-job")
        if is_job:
            workspace.add_service_principal(member, users=[robot], groups=["admins"])
        for group in groups:
            members.setdefault(group, []).append(workspace.application_id(member) if is_job else member)
    for name in ("readers", "jobs", "ingestion", "transformation", "aggregation", "training", "scoring"):
        workspace.add_group(f"flights-prod-{name}", members=members.get(f"flights-prod-{name}", []))
    for name in ("maintenance", "bi", "operators", "deployers"):
        workspace.add_group(f"flights-prod-{name}", members=members.get(f"flights-prod-{name}", []))
    grants = {robot: ["USE_CATALOG", "CREATE_SCHEMA"], "account users": ["USE_CATALOG"]}
    workspace.add_catalog("prod_analytics", grants=grants)
    return token


def statuses(report: dict, status: str) -> set[str]:
    return {each["check"] for each in report["findings"] if each["status"] == status}


def test_the_example_in_an_empty_workspace_lists_everything_that_an_administrator_makes(
    flights, project, monkeypatch
):
    folder, workspace = flights
    monkeypatch.setenv("DATABRICKS_HOST", workspace.host)
    monkeypatch.setenv("DATABRICKS_TOKEN", workspace.add_user("ana@example.com"))
    report = project.report("-t", "prod", "--project", str(folder))
    assert {"catalog", "lookup", "principal", "membership", "use of catalogs", "right to deploy"} <= statuses(
        report, "missing"
    )
    assert {call.split()[0] for call in workspace.calls} == {"GET"}


def test_the_example_in_a_prepared_workspace_misses_nothing(flights, project, monkeypatch):
    folder, workspace = flights
    monkeypatch.setenv("DATABRICKS_HOST", workspace.host)
    monkeypatch.setenv("DATABRICKS_TOKEN", prepare(workspace, folder))
    report = project.report("-t", "prod", "--project", str(folder))
    missing = [each for each in report["findings"] if each["status"] == "missing"]
    assert missing == []
    assert {call.split()[0] for call in workspace.calls} == {"GET"}
