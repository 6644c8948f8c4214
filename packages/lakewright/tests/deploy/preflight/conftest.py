"""A small bundle, and a workspace that answers questions about it over HTTP, as the documentation of the API says."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from click.testing import CliRunner, Result

TOKEN = "dapi-secret-of-the-test"
ME = "ana@example.com"
ROBOT = "0f3b1c52-6d1e-4f0a-9b7d-2f6f5a1c9e84"
UC = "/api/2.1/unity-catalog"
SCIM = "/api/2.0/preview/scim/v2"
RULES = "/api/2.0/preview/accounts/access-control/rule-sets"
USER_ROLE = "roles/servicePrincipal.user"
ROOT = "/Workspace/Shared/.bundle/shop"
STATE = f"{ROOT}/state/resources.json"
BUNDLE = """\
bundle: {name: shop, databricks_cli_version: ">= 0.218.0"}
include: [resources/*.yml]
variables:
  catalog: {default: prod_shop}
  loader: {lookup: {service_principal: shop-loader}}
targets:
  prod:
    default: true
    mode: production
    workspace: {host: "HOST", root_path: /Workspace/Shared/.bundle/shop}
permissions: [{level: CAN_MANAGE, group_name: users}]
"""
RESOURCES = """\
resources:
  schemas:
    gold:
      catalog_name: ${var.catalog}
      name: gold
      grants:
        - {principal: "${var.loader}", privileges: [USE_SCHEMA, SELECT, MODIFY]}
        - {principal: readers, privileges: [USE_SCHEMA, SELECT]}
  volumes:
    files:
      catalog_name: ${var.catalog}
      schema_name: ${resources.schemas.gold.name}
      name: files
      grants: [{principal: "${var.loader}", privileges: [READ_VOLUME]}]
  jobs:
    load:
      name: shop-load
      run_as: {service_principal_name: "${var.loader}"}
      tasks:
        - task_key: load
          notebook_task: {notebook_path: /Workspace/load, base_parameters: {files: /Volumes/prod_shop/gold/files}}
          new_cluster:
            spark_version: 17.3.x-scala2.13
            node_type_id: Standard_D4ds_v5
            policy_id: POLICY1
            num_workers: 2
            spark_env_vars: {KEY: "{{secrets/shop/api_key}}"}
        - task_key: report
          sql_task: {warehouse_id: wh1, query: {query_id: q1}}
"""


def person(name: str, *, groups: tuple[str, ...] = (), entitlements: tuple[str, ...] = (), **more) -> dict:
    """A principal as SCIM shows it."""
    return {
        "id": str(abs(hash(name)) % 10_000),
        "groups": [{"display": group} for group in groups],
        "entitlements": [{"value": each} for each in entitlements],
        **more,
    }


def group(name: str, *entitlements: str, kind: str = "Group") -> dict:
    return person(name, entitlements=entitlements, displayName=name, meta={"resourceType": kind})


@dataclass
class Workspace:
    """What the workspace answers, by path; a tuple is a status with an error, a function takes the query. Anything else is not there."""

    answers: dict[str, object] = field(default_factory=dict)
    people: dict[str, list[dict]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    host: str = ""

    def answer(self, method: str, url: str) -> tuple[int, object]:
        parts = urlsplit(url)
        path, query = unquote(parts.path), dict(parse_qsl(parts.query, keep_blank_values=True))
        self.asked.append(
            f"{method} {path}{'?' if query else ''}{'&'.join(f'{k}={v}' for k, v in query.items())}"
        )
        found = self.answers.get(path)
        if isinstance(found, Callable):
            found = found(query)
        if found is None and path.startswith(SCIM):
            found = self.scim(path.rpartition("/")[2], query)
        if found is None:
            return 404, {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": f"{path} does not exist"}
        if isinstance(found, tuple):
            status, code, message = found
            return status, {"error_code": code, "message": message}
        return 200, found

    def scim(self, kind: str, query: dict[str, str]) -> dict:
        wanted = re.findall(r'(\w+) eq "([^"]*)"', query["filter"])
        rows = [
            each
            for each in self.people.get(kind, [])
            if any(str(each.get(name, "")).lower() == value.lower() for name, value in wanted)
        ]
        return {"totalResults": len(rows), "Resources": rows}

    def refuse(self, path: str, message: str = "you may not ask") -> None:
        """Answer 403 for a path."""
        self.answers[path] = (403, "PERMISSION_DENIED", message)

    def grant(self, kind: str, name: str, **privileges: list[str]) -> None:
        """Set the grants of an object; the names of principals are keywords, `me` is who deploys."""
        names = {"me": ME, "robot": ROBOT}
        rows = [{"principal": names.get(key, key), "privileges": each} for key, each in privileges.items()]

        def page(query: dict[str, str]) -> dict:
            only = query.get("principal")
            return {"privilege_assignments": [row for row in rows if only in (None, row["principal"])]}

        self.answers[f"{UC}/permissions/{kind}/{name}"] = page

    def deployed(self, **ids: str) -> None:
        """Let an earlier deployment have made resources: `schemas_gold="prod_shop.gold"`."""
        state = {f"resources.{key.replace('_', '.', 1)}": {"__id__": each} for key, each in ids.items()}
        self.file(STATE, {"state_version": 2, "serial": 1, "state": state})

    def file(self, path: str, content: dict) -> None:
        known = self.answers.setdefault("files", {})
        known[path] = base64.b64encode(json.dumps(content).encode()).decode()

        def export(query: dict[str, str]) -> dict | None:
            return {"content": known[query["path"]]} if query["path"] in known else None

        self.answers["/api/2.0/workspace/export"] = export


def complete() -> Workspace:
    """A workspace in which the bundle can be deployed, for the first time."""
    state = Workspace()
    me = person(ME, groups=("admins-of-nothing",), entitlements=("workspace-access",), userName=ME)
    state.people = {
        "Users": [me],
        "Groups": [
            group("readers"),
            group("users", "workspace-access", "databricks-sql-access"),
            group("admins-of-nothing"),
        ],
        "ServicePrincipals": [
            person("shop-loader", displayName="shop-loader", applicationId=ROBOT, active=True)
        ],
    }
    state.answers = {
        f"{SCIM}/Me": me,
        "/.well-known/databricks-config": {"account_id": "acc-1", "workspace_id": "42"},
        f"{UC}/current-metastore-assignment": {"metastore_id": "meta-1", "workspace_id": 42},
        f"{UC}/catalogs/prod_shop": {"name": "prod_shop", "owner": "platform", "isolation_mode": "OPEN"},
        f"{UC}/resource-quotas/catalog/prod_shop/schema-quota": {
            "quota_info": {"quota_count": 3, "quota_limit": 10_000}
        },
        RULES: {"etag": "e1", "grant_rules": [{"role": USER_ROLE, "principals": [f"users/{ME}"]}]},
        "/api/2.2/jobs/list": {"jobs": []},
        "/api/2.0/workspace/get-status": lambda query: (
            {"object_id": 7, "path": "/Workspace/Shared"} if query["path"] == "/Workspace/Shared" else None
        ),
        "/api/2.0/permissions/directories/7": {
            "access_control_list": [
                {"group_name": "users", "all_permissions": [{"permission_level": "CAN_MANAGE"}]}
            ]
        },
        "/api/2.0/policies/clusters/get": {
            "policy_id": "POLICY1",
            "definition": json.dumps({"num_workers": {"type": "range", "maxValue": 4}}),
        },
        "/api/2.1/clusters/list-node-types": {"node_types": [{"node_type_id": "Standard_D4ds_v5"}]},
        "/api/2.1/clusters/spark-versions": {"versions": [{"key": "17.3.x-scala2.13"}]},
        "/api/2.0/sql/warehouses/wh1": {"id": "wh1", "name": "shared", "state": "STOPPED"},
        "/api/2.0/secrets/scopes/list": {"scopes": [{"name": "shop"}]},
        "/api/2.0/secrets/list": {"secrets": [{"key": "api_key"}]},
    }
    state.grant(
        "catalog",
        "prod_shop",
        me=["USE_CATALOG", "CREATE_SCHEMA"],
        robot=["USE_CATALOG"],
        readers=["USE_CATALOG"],
    )
    return state


class Project:
    """A folder with a bundle, and `lakewright preflight` in it."""

    def __init__(self, root: Path, workspace: Workspace) -> None:
        self.root, self.workspace = root, workspace

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text
        (self.root / name).write_text(text.replace(old, new), encoding="utf-8")

    def run(self, *arguments: str) -> Result:
        from lakewright.commands.preflight import command

        return CliRunner().invoke(command, list(arguments), standalone_mode=False)

    def report(self, *arguments: str) -> dict:
        done = self.run("-o", "json", *arguments)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return json.loads(done.stdout)

    def findings(self, status: str = "missing", *arguments: str) -> dict[str, dict]:
        """The findings with a status, by check; several of one check are an error here."""
        rows = [each for each in self.report(*arguments)["findings"] if each["status"] == status]
        names = [each["check"] for each in rows]
        assert len(set(names)) == len(names), rows
        return dict(zip(names, rows, strict=True))

    def finding(self, check: str, status: str = "missing") -> dict:
        """The only finding of a check with a status; nothing else may have it."""
        found = self.findings(status)
        if status == "missing":
            assert set(found) == {check}
        return found[check]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """A project whose bundle can be deployed to its workspace."""
    workspace = complete()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # headers and body in one packet: two cost 40 ms, the wait for an acknowledgement

        def answer(self) -> None:
            status, body = workspace.answer(self.command, self.path)
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("X-Databricks-Org-Id", "42")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    workspace.host = f"http://127.0.0.1:{server.server_port}"
    (tmp_path / "resources").mkdir()
    (tmp_path / "databricks.yml").write_text(BUNDLE.replace("HOST", workspace.host), encoding="utf-8")
    (tmp_path / "resources" / "all.yml").write_text(RESOURCES, encoding="utf-8")
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "databricks").write_text("#!/bin/sh\necho Databricks CLI v1.12.1\n", encoding="utf-8")
    (tools / "databricks").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    for name in (
        "DATABRICKS_CONFIG_PROFILE",
        "DATABRICKS_CLIENT_ID",
        "DATABRICKS_CLIENT_SECRET",
        "DATABRICKS_HOST",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABRICKS_CONFIG_FILE", str(tmp_path / "no-such-file"))
    monkeypatch.setenv("DATABRICKS_TOKEN", TOKEN)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    monkeypatch.setattr("lakewright.workspace.calls._PAUSE", 0)
    yield Project(tmp_path, workspace)
    server.shutdown()
    server.server_close()
