"""The fake workspace as tests see it: start and stop, who and what is there, sign-in, faults, what was called."""

import threading
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

from workspace_fake.faults import Faults
from workspace_fake.handlers.files import home_of, make_folders
from workspace_fake.people import Principal, steady_uuid
from workspace_fake.server import Server
from workspace_fake.state import State

if TYPE_CHECKING:
    from databricks.sdk import WorkspaceClient

ADMIN = "admin@example.com"


class NoWaiting:
    """A clock for the SDK: it sleeps by moving its own time, and remembers how long."""

    def __init__(self) -> None:
        self.moment = 1_800_000_000.0
        self.slept: list[float] = []

    def time(self) -> float:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += seconds


class FakeWorkspace:
    """A workspace on a free port of this machine, from `start` (or `with`) until `stop`.

    Attributes:
        state: What the workspace holds.
        faults: What goes wrong.
        calls: The calls that came in: `POST /api/2.2/jobs/create`.
        ignored: Fields of bodies that the API does not know and ignores.
        clock: The clock of each client; it does not wait.
        admin: The token of an administrator of workspace and metastore.
    """

    def __init__(self) -> None:
        self.state = State()
        self.faults = Faults()
        self.calls: list[str] = []
        self.ignored: list[str] = []
        self.clock = NoWaiting()
        self._server = Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        make_folders(self.state, "/Users")
        make_folders(self.state, "/Shared")
        self.admin = self.add_user(ADMIN, groups=["admins"])

    @property
    def host(self) -> str:
        """The address: `http://127.0.0.1:…`."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> "FakeWorkspace":
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> "FakeWorkspace":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def client(self, token: str, *, retry_seconds: int = 300, http_seconds: float = 20) -> "WorkspaceClient":
        """Return the SDK's client for a token. Its retries wait on `clock`, so they take no time."""
        from databricks.sdk import WorkspaceClient
        from databricks.sdk.core import Config

        config = Config(
            host=self.host,
            token=token,
            auth_type="pat",
            retry_timeout_seconds=retry_seconds,
            http_timeout_seconds=http_seconds,
            clock=self.clock,
        )
        return WorkspaceClient(config=config)

    def add_user(self, name: str, *, groups: Iterable[str] = ()) -> str:
        """Add a user with a home folder; return a token of theirs."""
        number = str(self.state.number())
        make_folders(self.state, home_of(name))
        return self.state.people.add(
            Principal(name, name.partition("@")[0], number, is_user=True), list(groups)
        )

    def add_service_principal(
        self, display_name: str, *, groups: Iterable[str] = (), users: Iterable[str] = ()
    ) -> str:
        """Add a service principal, which some may use as `run_as` of their jobs; return its token.

        Its application id, which grants and `run_as` name, is `workspace.application_id(display_name)`.
        """
        name = steady_uuid(display_name)
        people = self.state.people
        people.users_of[name] = set(users)
        make_folders(self.state, home_of(name))
        return people.add(
            Principal(name, display_name, str(self.state.number()), is_user=False), list(groups)
        )

    def application_id(self, display_name: str) -> str:
        """Return the application id of a service principal."""
        return steady_uuid(display_name)

    def add_group(self, name: str, *, members: Iterable[str] = ()) -> None:
        """Add a group of the account, with users, application ids of service principals, or groups."""
        self.state.people.groups.setdefault(name, set()).update(members)

    def add_catalog(
        self, name: str, *, owner: str = ADMIN, grants: Mapping[str, Iterable[str]] | None = None
    ) -> None:
        """Add a catalog as a metastore's administrator does."""
        self.state.catalogs[name] = {
            "name": name,
            "full_name": name,
            "owner": owner,
            "catalog_type": "MANAGED_CATALOG",
            "isolation_mode": "OPEN",
            "securable_type": "CATALOG",
            "created_at": self.state.now(),
        }
        for principal, privileges in (grants or {}).items():
            self.grant("catalog", name, principal, privileges)

    def add_table(self, name: str, *, columns: Mapping[str, str] | None = None, owner: str = ADMIN) -> None:
        """Add a table, as a job would; its schema has to be there."""
        catalog, schema, last = name.split(".")
        assert f"{catalog}.{schema}" in self.state.schemas, f"there is no schema for {name}"
        self.state.tables[name] = {
            "name": last,
            "catalog_name": catalog,
            "schema_name": schema,
            "full_name": name,
            "table_id": steady_uuid(f"table {name} {self.state.now()}"),
            "owner": owner,
            "table_type": "MANAGED",
            "data_source_format": "DELTA",
            "columns": [
                {"name": column, "type_text": kind, "type_name": kind.upper(), "position": position}
                for position, (column, kind) in enumerate((columns or {}).items())
            ],
        }

    def add_model_version(self, name: str, *, aliases: Iterable[str] = ()) -> int:
        """Add a version to a registered model, as training does."""
        assert name in self.state.models, f"there is no model {name}"
        versions = self.state.model_versions.setdefault(name, [])
        versions.append({"version": len(versions) + 1, "status": "READY", "aliases": list(aliases)})
        return len(versions)

    def grant(self, kind: str, name: str, principal: str, privileges: Iterable[str]) -> None:
        """Grant privileges on a securable without asking who may."""
        self.state.grants.setdefault((kind, name), {}).setdefault(principal, set()).update(privileges)

    def called(self, pattern: str) -> list[str]:
        """Return the calls that begin with a text: `called("POST /api/2.2/jobs/create")`."""
        return [call for call in self.calls if call.startswith(pattern)]

    def forget_calls(self) -> None:
        self.calls.clear()

    def holds(self) -> dict[str, Any]:
        """Return what people would call the workspace's contents, by kind; empty kinds are left out."""
        kinds = (
            "schemas", "volumes", "models", "monitors", "jobs", "pipelines", "experiments", "endpoints",
            "warehouses", "alerts", "dashboards", "scopes", "pools", "clusters", "policies",
        )  # fmt: skip
        found = {kind: sorted(map(str, getattr(self.state, kind))) for kind in kinds}
        found["files"] = sorted(
            path for path, entry in self.state.entries.items() if entry.kind != "DIRECTORY"
        )
        return {kind: names for kind, names in found.items() if names}
