"""Deploys a bundle to a workspace, plans, runs and destroys it."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bundle_deployer.apply import Applier
from bundle_deployer.errors import DeployError
from bundle_deployer.files import Files, build_artifacts, fingerprint, libraries, project_files
from bundle_deployer.kinds import KINDS, Api
from bundle_deployer.lock import locked
from bundle_deployer.nodes import Node, nodes_of
from bundle_deployer.parts import sorted_part
from bundle_deployer.plan import Planner
from bundle_deployer.state import State, load_state
from lakewright.bundle import Bundle

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from databricks.sdk import WorkspaceClient

Json = dict[str, Any]
_LEVELS = {"CAN_MANAGE": "CAN_MANAGE", "CAN_VIEW": "CAN_READ", "CAN_RUN": "CAN_RUN"}


def now() -> datetime:
    return datetime(2026, 11, 1, 8, 0, tzinfo=UTC)


@dataclass
class Deployer:
    """One target of one bundle, and who deploys it.

    Attributes:
        bundle: The resolved bundle.
        client: The SDK's client of who deploys.
        cache: Where the state is kept between deployments; the bundle's `.databricks` by default.
        uploaded: The paths that the last deployment uploaded.
    """

    bundle: Bundle
    client: "WorkspaceClient"
    cache: Path | None = None
    uploaded: list[str] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """The folder of the target's state on this machine."""
        return (self.cache or self.bundle.root / ".databricks") / "bundle" / self.bundle.target

    @property
    def api(self) -> Api:
        """Calls of the SDK's client, with its retries."""
        do: Api = self.client.api_client.do
        return do

    @cached_property
    def once(self) -> Api:
        """Calls that are retried only where the workspace said that it did nothing (429, 503), not where an answer was lost."""
        from databricks.sdk.core import ApiClient

        client = ApiClient(self.client.config)
        client._api_client._is_retryable = lambda error: None
        do: Api = client.do
        return do

    @property
    def files(self) -> Files:
        return Files(self.api)

    @cached_property
    def user(self) -> str:
        return str(self.api("GET", "/api/2.0/preview/scim/v2/Me")["userName"])

    def plan(self) -> Json:
        """Return what a deployment would do; builds the wheels, changes nothing in the workspace."""
        build_artifacts(self.bundle)
        resolved, _ = libraries(self.bundle)
        return self._planner(self._nodes(resolved)).plan()

    def deploy(self, *, force_lock: bool = False) -> Json:
        """Upload files, carry out the plan, keep the state; return the plan.

        Raises:
            DeployError: It stopped half-way: the same call again continues.
            LockHeldError: Another deployment holds the lock.
        """
        build_artifacts(self.bundle)
        resolved, wheels = libraries(self.bundle)
        nodes = self._nodes(resolved)
        with self._locked(force_lock):
            self._upload(wheels)
            self._prepare_folders()
            planner = self._planner(nodes)
            plan = planner.plan()
            self._apply(planner.state, nodes, plan)
        return plan

    def destroy(self, *, force_lock: bool = False) -> Json:
        """Delete everything that was deployed, and the files; return the plan."""
        with self._locked(force_lock):
            planner = self._planner({})
            plan = planner.plan()
            self._apply(planner.state, {}, plan)
            self.files.delete(self._path("root_path"), recursive=True)
        for file in ("resources.json", "uploads.json"):
            (self.folder / file).unlink(missing_ok=True)
        return plan

    def run(self, job: str, **parameters: str) -> Json:
        """Run a deployed job with values of its parameters; return the run when it has ended."""
        number = self.state().id_of(f"resources.jobs.{job}")
        if number is None:
            raise DeployError(f"resources.jobs.{job} is not deployed: deploy it first")
        body = {"job_id": int(number), "job_parameters": parameters}
        run = self.once("POST", "/api/2.2/jobs/run-now", body=body)
        found: Json = self.api("GET", "/api/2.2/jobs/runs/get", query={"run_id": run["run_id"]})
        return found

    def bind(self, key: str, number: str) -> None:
        """Take a resource that is there into the state, as `databricks bundle deployment bind` does."""
        state = self.state()
        kind = KINDS[key.split(".")[1]]
        there = kind.read(self.api, number)
        state.save(key, number, {each: there[each] for each in kind.fields if each in there}, [])
        self._push(state)

    def state(self) -> State:
        """Return the state: the newer one of here and the workspace."""
        return load_state(self.folder / "resources.json", lambda: self.files.read(self._state_file))

    def _path(self, name: str) -> str:
        return str(self.bundle.resolved["workspace"][name])

    @property
    def _state_file(self) -> str:
        return f"{self._path('state_path')}/resources.json"

    def _locked(self, force: bool) -> "AbstractContextManager[None]":
        lock = ((self.bundle.resolved["bundle"].get("deployment") or {}).get("lock")) or {}
        if lock.get("enabled") is False:
            from contextlib import nullcontext

            return nullcontext()
        return locked(
            self.files, self._path("state_path"), self.user, now(), force=force or bool(lock.get("force"))
        )

    def _nodes(self, resolved: Json) -> dict[str, Node]:
        found = nodes_of(resolved, self.user, self.bundle)
        for node in found.values():
            if node.part:
                node.value["__embed__"] = sorted_part(
                    node.kind, node.part, node.value["__embed__"], self.user
                )
        return found

    def _planner(self, nodes: dict[str, Node]) -> Planner:
        return Planner(self.api, self.state(), nodes)

    def _apply(self, state: State, nodes: dict[str, Node], plan: Json) -> None:
        """Carry out a plan; the state is kept here and in the workspace however that ends."""
        try:
            Applier(self.api, self.once, state, nodes).apply(plan)
        finally:
            if state.log.exists():
                self._push(state)

    def _prepare_folders(self) -> None:
        """Create the folder of dashboards and alerts, and set the permissions of the bundle on the folder of its files."""
        if {"dashboards", "alerts"} & (self.bundle.resolved.get("resources") or {}).keys():
            self.api("POST", "/api/2.0/workspace/mkdirs", body={"path": self._path("resource_path")})
        listed = [
            {"permission_level": _LEVELS[each["level"]], **{k: v for k, v in each.items() if k != "level"}}
            for each in self.bundle.resolved.get("permissions") or ()
        ]
        if listed:
            root = self.api("GET", "/api/2.0/workspace/get-status", query={"path": self._path("root_path")})
            self.api(
                "PUT",
                f"/api/2.0/permissions/directories/{root['object_id']}",
                body={"access_control_list": listed},
            )

    def _push(self, state: State) -> None:
        self.files.write(self._state_file, state.finish())

    def _upload(self, wheels: dict[str, bytes]) -> None:
        """Upload the files that changed since the last deployment, and delete those that the project no longer has."""
        base = self._path("file_path")
        wanted = {f"{base}/{name}": data for name, data in project_files(self.bundle).items()} | wheels
        marks = {path: fingerprint(data) for path, data in wanted.items()}
        kept = self.folder / "uploads.json"
        before = json.loads(kept.read_bytes()) if kept.exists() and self.files.exists(base) else {}
        self.uploaded = [path for path, mark in marks.items() if before.get(path) != mark]
        for path in self.uploaded:
            self.files.write(path, wanted[path])
        for path in sorted(before.keys() - marks.keys()):
            if self.files.exists(path):
                self.files.delete(path)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(marks), encoding="utf-8")
