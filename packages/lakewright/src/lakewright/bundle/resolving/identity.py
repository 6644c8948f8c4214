"""Who deploys and where to: the current user as far as this machine knows it, git, and the workspace's paths."""

import getpass
import posixpath
import re
import unicodedata
import uuid
from pathlib import Path

from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.tree import Node
from lakewright.bundle.resolving.git import GitState, has_branch, has_changes
from lakewright.bundle.rules.targets.production.other_git_branch import OtherGitBranch

_PATHS = {
    "file_path": "files",
    "resource_path": "resources",
    "artifact_path": "artifacts",
    "state_path": "state",
}
_ABSOLUTE = ("/Workspace/", "/Volumes/")


def normalise_name(name: str) -> str:
    """Return a name in lower case with letters, digits and single underscores only.

    Examples:
        >>> normalise_name("Ana.Maria-Lopez")
        'ana_maria_lopez'
    """
    mapped = "".join(sign if sign.isalpha() or sign.isdigit() else "_" for sign in name.lower())
    return re.sub("_+", "_", mapped).strip("_")


def is_service_principal(name: str) -> bool:
    """Whether a user's name is a service principal's: those are UUIDs."""
    try:
        uuid.UUID(name)
    except ValueError:
        return False
    return True


def populate_user(draft: Draft, git: GitState) -> None:
    """Set `workspace.current_user` to the best guess and keep its source: no workspace is asked."""
    name, draft.user_source = _current_user(draft, git)
    short = normalise_name(name.partition("@")[0])
    plain = unicodedata.normalize("NFKD", short).encode("ascii", "ignore").decode()
    friendly = re.sub("[^a-z0-9]", "-", plain)
    user = {"userName": name, "short_name": short, "domain_friendly_name": friendly}
    if git.user_name:
        user["displayName"] = git.user_name
    draft.tree.set(user, "workspace", "current_user")


def _current_user(draft: Draft, git: GitState) -> tuple[str, str]:
    if name := draft.environ.get("DATABRICKS_CURRENT_USER"):
        return name, "DATABRICKS_CURRENT_USER"
    if name := draft.environ.get("DATABRICKS_CLIENT_ID"):
        return name, "DATABRICKS_CLIENT_ID"
    if git.user_email:
        return git.user_email, "git config user.email"
    if name := draft.environ.get("USER") or draft.environ.get("USERNAME"):
        return name, "the login name"
    try:
        return getpass.getuser(), "the login name"
    except (OSError, KeyError):
        return "unknown", "no source: neither git nor the system names a user"


def populate_git(draft: Draft, state: GitState) -> None:
    """Set `bundle.git` from the repository; fields that the configuration sets stay."""
    git = draft.tree.get("bundle", "git")
    if git is None or not git.is_map:
        git = Node({})
        draft.tree.set(git, "bundle", "git")
    commit = _local_commit(draft.root, state) if draft.local else state.commit
    known = {
        "actual_branch": state.branch,
        "branch": state.branch,
        "commit": commit,
        "origin_url": state.origin_url,
    }
    for field, value in known.items():
        if value and not git.text(field):
            git.value[field] = Node(value)
    base = state.worktree or draft.sync_root
    inside = draft.root.resolve().is_relative_to(base.resolve())
    relative = draft.root.resolve().relative_to(base.resolve()).as_posix() if inside else "."
    git.value["bundle_root_path"] = Node(relative)


def _local_commit(folder: Path, state: GitState) -> str:
    """Return the commit as a local run records it: with `-dirty` if tracked files have changes."""
    if not state.commit:
        return "unknown"
    return f"{state.commit}-dirty" if has_changes(folder) else state.commit


def check_branch(draft: Draft) -> None:
    """Report another branch than the target requires; drop the fields that git does not know."""
    git = draft.tree.get("bundle", "git")
    assert git is not None
    wanted, actual = git.text("branch"), git.text("actual_branch")
    if wanted and actual and wanted != actual:
        draft.add(OtherGitBranch.of(wanted, actual, is_there=has_branch(draft.root, wanted)))
    for field, value in git.items():
        if value.value == "":
            del git.value[field]


def populate_workspace_paths(draft: Draft) -> None:
    """Set `workspace.root_path` and the paths below it, with `~` written out."""
    workspace = draft.tree.get("workspace")
    assert workspace is not None
    name = draft.tree.text("bundle", "name")
    root = workspace.text("root_path") or f"~/.bundle/{name}/{draft.target}"
    if root.startswith("~/"):
        root = posixpath.join("/Workspace/Users", workspace.text("current_user", "userName"), root[2:])
    draft.tree.set(root, "workspace", "root_path")
    for field, folder in _PATHS.items():
        if not workspace.text(field):
            workspace.value[field] = Node(posixpath.join(root, folder))
    for field in ("root_path", *_PATHS):
        path = workspace.text(field)
        if path.startswith("/") and not path.startswith(_ABSOLUTE):
            draft.tree.set(f"/Workspace{path}", "workspace", field)
