"""Permissions and grants of a resource: reads and writes them, as nodes of a plan that stand for themselves."""

from typing import Any

from bundle_deployer.kinds import Api, Kind, part

Json = dict[str, Any]
_WHO = ("user_name", "group_name", "service_principal_name")
RULES = Kind(
    fields=(),
    create=lambda api, value: "",
    read=lambda api, number: {},
    update=None,
    delete=lambda api, number: None,
    named_by=("full_name", "securable_type"),
    renamed_by=("object_id",),
)
"""What a change of their fields means: another object of permissions has another id; grants are made anew for another securable."""


def read_part(api: Api, kind: str, name: str, number: str) -> Json:
    """Return permissions or grants as the workspace has them, in the shape of a node's value."""
    if name == "grants":
        securable, _, full_name = number.partition("/")
        found = api("GET", f"/api/2.1/unity-catalog/permissions/{securable}/{part(full_name)}")
        listed = [_assignment(each) for each in found.get("privilege_assignments", [])]
        return {
            "securable_type": securable,
            "full_name": full_name,
            "__embed__": sorted(listed, key=_sorting),
        }
    if kind == "secret_scopes":
        found = api("GET", "/api/2.0/secrets/acls/list", query={"scope": number}).get("items", [])
        acls = [{"level": each["permission"], "principal": each["principal"]} for each in found]
        return {"object_id": number, "__embed__": sorted(acls, key=_sorting)}
    found = api("GET", f"/api/2.0/permissions{number}").get("access_control_list", [])
    listed = [
        {"level": each["permission_level"], **{who: acl[who] for who in _WHO if acl.get(who)}}
        for acl in found
        for each in acl["all_permissions"]
        if not each.get("inherited")
    ]
    return {"object_id": number, "__embed__": sorted(listed, key=_sorting)}


def write_part(api: Api, kind: str, name: str, value: Json, remote: Json | None) -> str:
    """Make permissions or grants what a node wants; return its id."""
    if name == "grants":
        return _grant(api, value, remote)
    number: str = value["object_id"]
    if kind == "secret_scopes":
        _write_acls(api, number, value["__embed__"])
    else:
        listed = [
            {"permission_level": each["level"], **{k: v for k, v in each.items() if k != "level"}}
            for each in value["__embed__"]
        ]
        api("PUT", f"/api/2.0/permissions{number}", body={"access_control_list": listed})
    return number


def _grant(api: Api, value: Json, remote: Json | None) -> str:
    """Grant what is wanted, and take everything else from the same and from other principals."""
    wanted = {each["principal"]: each["privileges"] for each in value["__embed__"]}
    changes: list[Json] = []
    for principal, privileges in wanted.items():
        revoked = {} if "ALL_PRIVILEGES" in privileges else {"remove": ["ALL_PRIVILEGES"]}
        changes.append({"principal": principal, "add": privileges, **revoked})
    others = {each["principal"] for each in (remote or {}).get("__embed__", [])} - wanted.keys()
    changes += [{"principal": each, "remove": ["ALL_PRIVILEGES"]} for each in sorted(others)]
    place = f"{value['securable_type']}/{part(value['full_name'])}"
    api("PATCH", f"/api/2.1/unity-catalog/permissions/{place}", body={"changes": changes})
    return f"{value['securable_type']}/{value['full_name']}"


def _write_acls(api: Api, scope: str, listed: list[Json]) -> None:
    found = api("GET", "/api/2.0/secrets/acls/list", query={"scope": scope}).get("items", [])
    there = {each["principal"]: each["permission"] for each in found}
    wanted = {each["principal"]: each["level"] for each in listed}
    for principal, level in wanted.items():
        if there.get(principal) != level:
            api(
                "POST",
                "/api/2.0/secrets/acls/put",
                body={"scope": scope, "principal": principal, "permission": level},
            )
    for principal in there.keys() - wanted.keys():
        api("POST", "/api/2.0/secrets/acls/delete", body={"scope": scope, "principal": principal})


def _assignment(found: Json) -> Json:
    return {"principal": found["principal"], "privileges": sorted(found["privileges"])}


def sorted_part(kind: str, name: str, listed: list[Json], user: str) -> list[Json]:
    """Return wanted permissions or grants in the order in which they are read; the user keeps MANAGE on their secret scope."""
    if name == "permissions" and kind == "secret_scopes":
        acls = [
            {"level": each["level"], "principal": next(each[who] for who in _WHO if each.get(who))}
            for each in listed
        ]
        if not any(each["principal"] == user for each in acls):
            acls.append({"level": "MANAGE", "principal": user})
        return sorted(acls, key=_sorting)
    if name == "grants":
        return sorted(map(_assignment, listed), key=_sorting)
    return sorted(listed, key=_sorting)


def _sorting(each: Json) -> list[str]:
    return [str(each.get(name, "")) for name in ("principal", *_WHO, "level")]
