"""The plugin's rules about grants and those of `databricks_utils`, asked the same about random states of a lakehouse."""

import itertools
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from databricks_utils.catalog.grants import (
    ACCOUNT_USERS,
    OWNERSHIP,
    AccessState,
    Grant,
    PrincipalDirectory,
    Securable,
    SecurableKind,
    decide,
    known_privileges,
)
from databricks_utils.catalog.grants.rules import decide_owner

pytestmark = [pytest.mark.integration]

_USERS = ["ana@example.com", "Bo@example.com"]
_SERVICE_PRINCIPALS = ["11111111-aaaa"]
_GROUPS = ["readers", "writers", "all of us"]
_PRINCIPALS = [*_USERS, *_SERVICE_PRINCIPALS, *_GROUPS, ACCOUNT_USERS]
_OWNERS = [*_USERS, *_SERVICE_PRINCIPALS, *_GROUPS, "somebody who left"]
_FILES = {SecurableKind.TABLE: "managed-table", SecurableKind.VIEW: "view", SecurableKind.VOLUME: "volume"}
_CONTAINERS = {
    SecurableKind.METASTORE: "metastore",
    SecurableKind.CATALOG: "catalog",
    SecurableKind.SCHEMA: "schema",
}
_TEXT_OF_A_VIEW = {
    "text": "SELECT 1",
    "schema": "{}",
    "namespace": [],
    "query_columns": [],
    "sql_configs": {},
}
_OBJECTS = [
    Securable(SecurableKind.METASTORE),
    Securable.parse("CATALOG", "prod"),
    Securable.parse("SCHEMA", "prod.gold"),
    Securable.parse("TABLE", "prod.gold.orders"),
    Securable.parse("VIEW", "prod.gold.seen"),
    Securable.parse("VOLUME", "prod.gold.orders"),
    Securable.parse("SCHEMA", "prod.silver"),
    Securable.parse("TABLE", "prod.silver.orders"),
    Securable.parse("CATALOG", "dev"),
    Securable.parse("SCHEMA", "dev.gold"),
    Securable.parse("TABLE", "dev.gold.orders"),
]
_FITTING = [
    (privilege.name, each)
    for each in _OBJECTS
    for privilege in known_privileges().values()
    if each.kind in privilege.on
]
_ASKED = [
    (privilege.name, each)
    for each in _OBJECTS
    for privilege in known_privileges().values()
    if privilege.asked_of(each.kind) and privilege.name != "ALL_PRIVILEGES"
]
_NUMBERS = itertools.count()


@st.composite
def states(draw):
    """A state, and the groups of its principals: a group is a member of those that come after it only, so there is no cycle."""
    groups = {}
    for at, group in enumerate(_GROUPS):
        groups[group] = draw(
            st.lists(st.sampled_from([*_USERS, *_SERVICE_PRINCIPALS, *_GROUPS[:at]]), unique=True)
        )
    owners = {each: draw(st.sampled_from(_OWNERS)) for each in _OBJECTS if each.parts}
    # Whose machine it is owns the metastore here, and nobody of them is.
    owners[_OBJECTS[0]] = "owner of the machine"
    fitting = st.tuples(st.sampled_from(_PRINCIPALS), st.sampled_from(_FITTING))
    granted = draw(st.lists(fitting, max_size=25, unique=True))
    # Without USE nearly every answer is a refusal.
    for place in (each for each in _OBJECTS if each.kind in {SecurableKind.CATALOG, SecurableKind.SCHEMA}):
        if draw(st.booleans()):
            granted.append((draw(st.sampled_from(_PRINCIPALS)), (f"USE_{place.kind.value}", place)))
    return groups, owners, [Grant(principal, name, each) for principal, (name, each) in granted]


def _write(lakehouse, groups, owners, grants):
    """Write a state as the engine stores it."""
    principals = {"version": 1, "users": _USERS, "service_principals": _SERVICE_PRINCIPALS, "groups": groups}
    (lakehouse / "_catalog").mkdir(parents=True)
    (lakehouse / "principals.json").write_text(json.dumps(principals), encoding="utf-8")
    for each, owner in owners.items():
        folder = lakehouse.joinpath("_catalog", *each.parts[:2])
        folder.mkdir(parents=True, exist_ok=True)
        kind = _CONTAINERS.get(each.kind) or _FILES[each.kind]
        record = {
            "format": 1,
            "kind": kind,
            "uuid": "0",
            "owner": owner,
            "created_at": "2026-01-01T00:00:00Z",
            "location": "x",
            "properties": {},
            "grants": [
                {"principal": grant.principal, "privilege": grant.privilege.replace("_", " ")}
                for grant in grants
                if grant.securable == each
            ],
        }
        if each.kind is SecurableKind.VIEW:
            record["view"] = _TEXT_OF_A_VIEW
        suffix = ".volume.json" if each.kind is SecurableKind.VOLUME else ".json"
        name = each.parts[2] + suffix if len(each.parts) == 3 else f"_{each.kind.value.lower()}.json"
        if each.kind is SecurableKind.METASTORE:
            folder = lakehouse / "_catalog"
        (folder / name).write_text(json.dumps(record), encoding="utf-8")


def _missing(decision):
    return "; ".join(f"{each.privilege} {'.'.join(each.securable.parts)}" for each in decision.missing)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(state=states())
def test_the_plugin_and_the_library_answer_the_same(spark, tmp_path, state):
    groups, owners, grants = state
    lakehouse = tmp_path / str(next(_NUMBERS))
    _write(lakehouse, groups, owners, grants)
    people = PrincipalDirectory.of(users=_USERS, service_principals=_SERVICE_PRINCIPALS, groups=groups)
    known = AccessState.of(people, owners=owners, grants=grants)
    asked = [
        (who, *rest) for who in _PRINCIPALS for rest in [*_ASKED, *((OWNERSHIP, each) for each in _OBJECTS)]
    ]
    answers = spark._jvm.lakewright.AskedGrants.missing(
        str(lakehouse), ["\t".join((who, name, each.kind.value, *each.parts)) for who, name, each in asked]
    )
    for (who, name, each), answer in zip(asked, answers, strict=True):
        if name == OWNERSHIP:
            expected = decide_owner(known, principal=who, securable=each)
        else:
            expected = decide(known, principal=who, privilege=name, securable=each)
        assert answer == _missing(expected), (who, name, str(each))
