"""Who deploys may write to the root path, the folder for files and state: to make and delete files in a folder needs CAN MANAGE.

Source: https://docs.databricks.com/aws/en/security/auth/access-control (folders)
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from shlex import quote

from databricks_utils.catalog.grants import PrincipalKind
from lakewright.deploy.preflight.facts import Facts
from lakewright.deploy.preflight.finding import Finding, Role, Status, Step, Who, not_known
from lakewright.deploy.preflight.wanted import Wanted
from lakewright.workspace.refusing import Refusal

_NAME, _PATH = "root path", "workspace.root_path"
_WRITING = "CAN_MANAGE"
_EVERYBODY = "users"


def check(wanted: Wanted, facts: Facts) -> Iterator[Finding]:
    """Yield whether who deploys may write to the root path."""
    root, place = wanted.root_path, wanted.place(_PATH)
    subject = f"folder {root}"
    home = f"/Workspace/Users/{facts.me.name}"
    if root.lower().rstrip("/") == home.lower() or root.lower().startswith(f"{home.lower()}/"):
        yield Finding(_NAME, Status.OK, subject, "it is in the home folder of who deploys", _PATH, place)
        return
    found = facts.folder
    rights = found if isinstance(found, Refusal) else found.rights
    if isinstance(found, Refusal) or isinstance(rights, Refusal):
        refusal = found if isinstance(found, Refusal) else rights
        assert isinstance(refusal, Refusal)
        ask = Who(Role.WORKSPACE_ADMIN)
        yield not_known(_NAME, subject, refusal, ask=ask, path=_PATH, location=place)
        return
    names = {facts.me.name.lower(), _EVERYBODY, *(group.lower() for group in facts.me.groups)}
    levels = {name: level for name, level in rights.items() if name in names}
    if any(_WRITING in text for text in levels.values()):
        where = "it exists" if found.path == root.rstrip("/") else f"{found.path} exists"
        yield Finding(_NAME, Status.OK, subject, f"{where}, and who deploys may write to it", _PATH, place)
        return
    yield Finding(
        _NAME,
        Status.MISSING,
        subject,
        f"who deploys may not write to {found.path}",
        _PATH,
        place,
        (_step(found.path, facts),),
    )


def _step(folder: str, facts: Facts) -> Step:
    field = "user_name" if facts.me.kind is PrincipalKind.USER else "service_principal_name"
    entry = {field: facts.me.name, "permission_level": "CAN_MANAGE"}
    body = quote(json.dumps({"access_control_list": [entry]}))
    return Step(
        Who(Role.WORKSPACE_ADMIN),
        (
            f"databricks workspace get-status {quote(folder)}",
            f"databricks permissions update directories OBJECT_ID --json {body}",
        ),
        because="OBJECT_ID is that of the first command's answer; a folder of the project's own is better than a shared one",
    )
