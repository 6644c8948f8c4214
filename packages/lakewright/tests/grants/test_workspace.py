"""A workspace is asked by Databricks' own SDK, here against a server that answers as the documentation of the API says."""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

pytest.importorskip("databricks.sdk")

pytestmark = pytest.mark.unit

TOKEN = "dapi-secret-of-the-test"
API = "/api/2.1/unity-catalog"
USE = {"principal": "account users", "privileges": ["USE_CATALOG"]}
PAGES = re.compile(rf"{API}/permissions/(?P<kind>[^/]+)/(?P<name>[^/]+)$")


@dataclass
class Api:
    """What the workspace holds: the owners of its objects and their grants, page by page; and what it refuses."""

    owners: dict[str, str] = field(default_factory=dict)
    grants: dict[tuple[str, str], list[list[dict]]] = field(default_factory=dict)
    refused: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)

    def answer(self, url: str) -> tuple[int, dict]:
        path = unquote(urlsplit(url).path)
        self.asked.append(url)
        for start, (status, code, message) in self.refused.items():
            if path.startswith(start):
                return status, {"error_code": code, "message": message}
        page = PAGES.match(path)
        if page:
            return self.page(page["kind"], page["name"], parse_qs(urlsplit(url).query))
        name = path.removeprefix(f"{API}/").partition("/")[2]
        if name in self.owners:
            return 200, {"full_name": name, "owner": self.owners[name]}
        return 404, {"error_code": "NOT_FOUND", "message": f"'{name}' does not exist"}

    def page(self, kind: str, name: str, query: dict[str, list[str]]) -> tuple[int, dict]:
        assert query["max_results"] == ["0"]
        pages = self.grants.get((kind, name), [[]])
        number = int(query.get("page_token", ["0"])[0])
        following = {"next_page_token": str(number + 1)} if number + 1 < len(pages) else {}
        return 200, {"privilege_assignments": pages[number], **following}


@pytest.fixture
def api(shop, monkeypatch) -> Iterator[Api]:
    """A workspace whose access is that of the bundle, for the target prod."""
    state = Api()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith(API):  # the SDK also looks for a description of the host
                state.tokens.add(self.headers.get("Authorization", ""))
            status, body = state.answer(self.path)
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            if status == 429:
                self.send_header("Retry-After", "0")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    host = f"http://127.0.0.1:{server.server_port}"
    for name in ("DATABRICKS_CONFIG_PROFILE", "DATABRICKS_CLIENT_ID", "DATABRICKS_CLIENT_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABRICKS_CONFIG_FILE", str(shop.root / "no-such-file"))
    monkeypatch.setenv("DATABRICKS_HOST", host)
    monkeypatch.setenv("DATABRICKS_TOKEN", TOKEN)
    monkeypatch.setattr("lakewright.workspace.calls._PAUSE", 0)
    state.owners = dict.fromkeys(["prod_shop", "prod_shop.gold", "prod_shop.gold.files"], "platform")
    loader = {"principal": "prod-loader", "privileges": ["USE_SCHEMA", "SELECT", "MODIFY", "CREATE_TABLE"]}
    readers = {"principal": "readers", "privileges": ["USE_SCHEMA", "SELECT"]}
    state.grants = {
        ("catalog", "prod_shop"): [[USE]],
        ("schema", "prod_shop.gold"): [[loader, readers]],
        ("volume", "prod_shop.gold.files"): [[{"principal": "prod-loader", "privileges": ["READ_VOLUME"]}]],
    }
    yield state
    server.shutdown()
    server.server_close()


def changes(shop):
    content = json.loads(shop.output("diff", "--workspace", "-t", "prod", "-o", "json"))
    rows = content["targets"][0]["changes"]
    return [
        (each["principal"], each["effect"], each["privilege"], each["securable"]["name"]) for each in rows
    ]


def test_a_workspace_as_the_bundle_has_it_changes_nothing(shop, api):
    assert changes(shop) == []
    assert api.tokens == {f"Bearer {TOKEN}"}


def test_what_somebody_added_by_hand_is_lost_and_what_is_missing_is_gained(shop, api):
    api.grants["schema", "prod_shop.gold"] = [
        [{"principal": "mallory@example.com", "privileges": ["USE_SCHEMA", "SELECT"]}],
        [],  # a page may be empty and not the last
        [{"principal": "prod-loader", "privileges": ["USE_SCHEMA", "SELECT", "MODIFY", "CREATE_TABLE"]}],
    ]
    found = changes(shop)
    assert ("mallory@example.com", "loses", "SELECT", "prod_shop.gold") in found
    assert ("readers", "gains", "SELECT", "prod_shop.gold") in found
    assert sum("permissions/schema" in url for url in api.asked) == 3


def test_the_name_of_the_group_in_another_case_is_the_same_group(shop, api):
    readers = {"principal": "Readers", "privileges": ["USE_SCHEMA", "SELECT"]}
    api.grants["schema", "prod_shop.gold"][0][1] = readers
    assert changes(shop) == []


def test_a_schema_that_is_not_there_is_made_and_what_is_in_it_is_not_asked_for(shop, api):
    api.owners = {"prod_shop": "platform"}
    done = shop.run("diff", "--workspace", "-t", "prod")
    assert (
        "not there yet, a deployment makes it: schema prod_shop.gold, volume prod_shop.gold.files"
        in done.stderr
    )
    assert "+ `readers` (1 member) gains SELECT, USE SCHEMA on schema prod_shop.gold" in done.stdout
    assert not [url for url in api.asked if "files" in url]


def test_a_registered_model_is_a_function_to_the_api(shop, api):
    model = "  registered_models: {late: {catalog_name: '${var.catalog}', schema_name: gold, name: late,"
    shop.edit(
        "resources/schemas.yml",
        "  jobs:",
        f"{model} grants: [{{principal: readers, privileges: [EXECUTE]}}]}}}}\n  jobs:",
    )
    api.owners["prod_shop.gold.late"] = "platform"
    api.grants["function", "prod_shop.gold.late"] = [[{"principal": "readers", "privileges": ["EXECUTE"]}]]
    assert changes(shop) == []


def test_privileges_that_are_not_known_and_deleted_principals_are_named_and_left_out(shop, api):
    api.grants["schema", "prod_shop.gold"][0] += [
        {"principal": "readers", "privileges": ["TELEPORT"]},
        {"principal": "", "principal_id": 7, "privileges": ["SELECT"]},
    ]
    done = shop.run("diff", "--workspace", "-t", "prod")
    assert "there is no privilege `TELEPORT`" in done.stderr
    assert "1 privileges of deleted principals are left out" in done.stderr
    assert "nobody gains or loses access" in done.stdout


@pytest.mark.parametrize(
    ("refusal", "words", "fix"),
    [
        ((401, "UNAUTHENTICATED"), "does not accept the credentials", "databricks auth login"),
        ((403, "PERMISSION_DENIED"), "does not show the grants on schema prod_shop.gold", "MANAGE"),
        ((500, "BOOM"), "cannot say who has access to schema prod_shop.gold", "try again"),
    ],
)
def test_a_refusal_says_what_to_do_and_never_shows_the_token(shop, api, refusal, words, fix):
    api.refused[f"{API}/permissions/schema"] = (*refusal, f"no {TOKEN}\nsecond line")
    error = shop.refused("diff", "--workspace", "-t", "prod")
    assert words in error.summary
    assert fix in error.fix
    assert TOKEN not in str(error)
    assert error.location == f"http://127.0.0.1:{error.location.rpartition(':')[2]}"


def test_a_workspace_that_is_too_busy_is_asked_again_and_then_reported(shop, api, monkeypatch):
    monkeypatch.setattr("lakewright.workspace.signing_in._RETRY_SECONDS", 1)
    api.refused[f"{API}/permissions/schema"] = (429, "REQUEST_LIMIT_EXCEEDED", "slow down")
    error = shop.refused("diff", "--workspace", "-t", "prod")
    assert "too many requests" in error.summary
    assert sum("permissions/schema" in url for url in api.asked) > 1


def test_a_list_that_does_not_end_is_given_up(shop, api, monkeypatch):
    monkeypatch.setattr("lakewright.workspace.calls._MOST_PAGES", 3)
    api.grants["schema", "prod_shop.gold"] = [[] for _ in range(9)]
    assert "does not end its list" in shop.refused("diff", "--workspace", "-t", "prod").summary


def test_credentials_for_one_host_are_not_sent_to_another_that_the_bundle_names(shop, api):
    shop.edit(
        "databricks.yml",
        "workspace: {root_path",
        "workspace: {host: https://elsewhere.example.com, root_path",
    )
    error = shop.refused("diff", "--workspace", "-t", "prod")
    assert "https://elsewhere.example.com, and DATABRICKS_HOST is that of 127.0.0.1" in error.summary
    assert "databricks.yml:14:" in error.location
    assert api.asked == []


def test_no_credentials_are_refused_with_the_way_to_sign_in(shop, api, monkeypatch):
    monkeypatch.delenv("DATABRICKS_TOKEN")
    monkeypatch.setenv("PATH", str(shop.root))  # no command that would sign in
    monkeypatch.setenv("HOME", str(shop.root))
    error = shop.refused("diff", "--workspace", "-t", "prod")
    assert "no credentials" in error.summary
    assert "databricks auth login" in error.fix


def test_without_the_sdk_the_error_is_the_install_line(shop, api, monkeypatch):
    monkeypatch.setitem(sys.modules, "databricks.sdk", None)
    error = shop.refused("diff", "--workspace", "-t", "prod")
    assert error.fix == "pip install databricks-sdk"
