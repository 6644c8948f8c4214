"""Files in the workspace: the project's, the wheels that jobs need, the state."""

import glob
import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from databricks.sdk.errors import NotFound

from bundle_deployer.errors import DeployError
from bundle_deployer.kinds import Api
from lakewright.bundle import Bundle, is_wheel
from lakewright.bundle.uploads.ignoring import Uploads
from lakewright.release.building import VARIABLE

Json = dict[str, Any]
_BUILD = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"


@dataclass(frozen=True)
class Files:
    """Reads and writes files of a workspace."""

    api: Api

    def write(self, path: str, data: bytes, *, overwrite: bool = True) -> None:
        """Write a file, with the folders above it where they are missing."""
        place = f"/api/2.0/workspace-files/import-file/{quote(path.strip('/'))}"
        try:
            self.api("POST", place, query={"overwrite": overwrite}, data=data)
        except NotFound:
            self.api("POST", "/api/2.0/workspace/mkdirs", body={"path": str(PurePosixPath(path).parent)})
            self.api("POST", place, query={"overwrite": overwrite}, data=data)

    def read(self, path: str) -> bytes:
        query = {"path": path, "direct_download": True}
        answer = self.api("GET", "/api/2.0/workspace/export", query=query, raw=True)
        with answer["contents"] as content:
            data: bytes = content.read()
        return data

    def delete(self, path: str, *, recursive: bool = False) -> None:
        self.api("POST", "/api/2.0/workspace/delete", body={"path": path, "recursive": recursive})

    def exists(self, path: str) -> bool:
        try:
            self.api("GET", "/api/2.0/workspace/get-status", query={"path": path})
        except NotFound:
            return False
        return True


def project_files(bundle: Bundle) -> dict[str, bytes]:
    """Return the project's files that a deployment uploads, by their path below the folder that is uploaded."""
    uploads = Uploads(bundle)
    found = {}
    for folder, folders, names in os.walk(bundle.sync_root):
        here = Path(folder)
        folders[:] = [each for each in folders if each not in _NEVER]
        for name in names:
            if uploads.left_out(here / name) is None:
                found[(here / name).relative_to(bundle.sync_root).as_posix()] = (here / name).read_bytes()
    return found


_NEVER = {".git", ".databricks", ".venv"}


def build_artifacts(bundle: Bundle) -> None:
    """Build the wheels of a bundle with the backend that this interpreter has, into the folders that their files name.

    The build command of the bundle (`pip wheel …`) would do the same, and ask a package index for the backend first. For a release
    it is run as it is: it builds nothing.
    """
    for name, artifact in (bundle.resolved.get("artifacts") or {}).items():
        if artifact.get("type") != "whl":
            raise DeployError(f"artifacts.{name}: this deployer builds wheels only")
        if VARIABLE in os.environ:
            _run(name, ["bash", "-ec", artifact["build"]], artifact["path"])
            continue
        pattern = Path(artifact["files"][0]["source"])
        folder, old = pattern.parent, list(pattern.parent.glob(pattern.name))
        if old and _newest(Path(artifact["path"]), folder) <= min(wheel.stat().st_mtime for wheel in old):
            continue
        for wheel in old:  # a changed project has another version, and the pattern would match both
            wheel.unlink()
        _run(name, [sys.executable, "-c", _BUILD, str(folder)], artifact["path"])


def _run(name: str, command: list[str], folder: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DeployError(f"artifacts.{name}: the build failed: {done.stderr.strip().splitlines()[-1]}")


def _newest(project: Path, built: Path) -> float:
    """Return when the newest file of a project was changed, without what was built."""
    files = (Path(folder) / name for folder, _, names in os.walk(project) for name in names)
    return max(
        file.stat().st_mtime for file in files if built not in file.parents and not _NEVER & {*file.parts}
    )


def libraries(bundle: Bundle) -> tuple[Json, dict[str, bytes]]:
    """Return the resolved bundle with its local wheels as paths in the workspace, and those wheels by path."""
    folder = f"{bundle.resolved['workspace']['artifact_path']}/.internal"
    wheels: dict[str, bytes] = {}

    def moved(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: moved(each) for name, each in value.items()}
        if isinstance(value, list):
            return [
                new for each in value for new in (_uploaded(bundle, each, folder, wheels) or [moved(each)])
            ]
        return value

    resolved = dict(bundle.resolved)
    resolved["resources"] = {
        kind: moved(section) for kind, section in (resolved.get("resources") or {}).items()
    }
    return resolved, wheels


def _uploaded(bundle: Bundle, value: Any, folder: str, wheels: dict[str, bytes]) -> list[Any]:
    """Return what stands for a local wheel: one path in the workspace for each file that its pattern matches."""
    pattern = value if isinstance(value, str) else value.get("whl") if isinstance(value, dict) else None
    if not isinstance(pattern, str) or not is_wheel(pattern) or pattern.startswith(("/", "dbfs:", "http")):
        return []
    files = sorted(glob.glob(str(bundle.sync_root / pattern)))  # noqa: PTH207 - an absolute pattern
    if not files:
        raise DeployError(f"no file matches {pattern}: build the artifacts first")
    found: list[Any] = []
    for file in files:
        path = f"{folder}/{Path(file).name}"
        wheels[path] = Path(file).read_bytes()
        found.append(path if isinstance(value, str) else {**value, "whl": path})
    return found


def fingerprint(data: bytes) -> str:
    """Return what tells whether a file was uploaded as it is now."""
    return hashlib.sha256(data).hexdigest()
