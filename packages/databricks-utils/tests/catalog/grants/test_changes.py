"""Who gains and who loses access between two states."""

import pytest

from databricks_utils.catalog.grants import (
    AccessState,
    Effect,
    Grant,
    PrincipalDirectory,
    Securable,
    Way,
    compare,
)

pytestmark = pytest.mark.unit

CATALOG = Securable.parse("CATALOG", "c")
SCHEMA = Securable.parse("SCHEMA", "c.s")
TABLES = [Securable.parse("TABLE", f"c.s.t{number}") for number in range(3)]
USERS = ["ana", "ben", "cleo"]
TEAM = {"team": ["ana", "ben"], "outer": ["team"]}


def state_of(*grants, groups=TEAM, owners=None, tables=TABLES):
    base = [("account users", "USE CATALOG", CATALOG), ("account users", "USE SCHEMA", CATALOG)]
    rows = [Grant(principal, name, place) for principal, name, place in (*base, *grants)]
    known = dict.fromkeys([CATALOG, SCHEMA, *tables]) | (owners or {})
    return AccessState.of(PrincipalDirectory.of(users=USERS, groups=groups), owners=known, grants=rows)


def rows(before, after):
    return [
        (change.principal, change.effect.value, change.privilege, change.securable.name, change.members)
        for change in compare(before, after)
    ]


def test_a_grant_on_a_schema_is_one_change_of_the_group_and_not_one_of_each_table_and_member():
    after = state_of(("outer", "SELECT", SCHEMA))
    assert rows(state_of(), after) == [("outer", "gains", "SELECT", "c.s", ("ana", "ben"))]
    (change,) = compare(state_of(), after)
    assert [(reason.way, reason.securable) for reason in change.because] == [(Way.GRANT, SCHEMA)]


def test_a_revoked_grant_is_a_loss_with_the_reason_that_there_was():
    before = state_of(("team", "SELECT", SCHEMA))
    (change,) = compare(before, state_of())
    assert (change.principal, change.effect) == ("team", Effect.LOSES)
    assert change.because[0].securable == SCHEMA


def test_a_member_who_keeps_the_right_otherwise_is_not_among_the_members():
    own = ("ana", "SELECT", SCHEMA)
    assert rows(state_of(own, ("team", "SELECT", SCHEMA)), state_of(own)) == [
        ("team", "loses", "SELECT", "c.s", ("ben",))
    ]


def test_a_new_member_gains_what_the_group_has_and_the_group_does_not_change():
    grant = ("team", "SELECT", TABLES[0])
    groups = {**TEAM, "team": [*TEAM["team"], "cleo"]}
    assert rows(state_of(grant), state_of(grant, groups=groups)) == [
        ("cleo", "gains", "SELECT", "c.s.t0", ())
    ]


def test_tables_of_a_schema_that_were_granted_one_by_one_stay_single():
    after = state_of(*(("cleo", "SELECT", table) for table in TABLES))
    assert [row[3] for row in rows(state_of(), after)] == ["c.s.t0", "c.s.t1", "c.s.t2"]


def test_one_table_that_could_be_read_before_does_not_split_the_change_of_the_schema():
    before = state_of(("cleo", "SELECT", TABLES[0]))
    assert rows(before, state_of(("cleo", "SELECT", SCHEMA))) == [("cleo", "gains", "SELECT", "c.s", ())]


def test_lost_use_loses_everything_that_needed_it():
    grants = [("cleo", "SELECT", TABLES[0])]
    before = state_of(*grants)
    after = before.revoked(Grant("account users", "USE SCHEMA", CATALOG))
    found = rows(before, after)
    assert ("cleo", "loses", "SELECT", "c.s.t0", ()) in found
    assert ("account users", "loses", "USE_SCHEMA", "c", ("ana", "ben", "cleo")) in found
    assert len(found) == 2


def test_a_new_owner_gains_what_owners_have_and_the_rights_of_a_schema_s_owner_end_there():
    after = state_of(("cleo", "APPLY TAG", TABLES[0]), owners={SCHEMA: "cleo"})
    found = {(row[2], row[3]) for row in rows(state_of(), after)}
    assert ("APPLY_TAG", "c.s") in found
    assert ("APPLY_TAG", "c.s.t0") in found
    assert ("MANAGE", "c.s") in found
    assert not {row for row in found if row[0] == "MANAGE" and row[1] != "c.s"}
    assert not {row for row in found if row[0] == "SELECT"}


def test_a_new_table_counts_for_who_may_read_it():
    grant = ("team", "SELECT", SCHEMA)
    found = rows(state_of(grant, tables=TABLES[:2]), state_of(grant))
    assert found == [("team", "gains", "SELECT", "c.s.t2", ("ana", "ben"))]


def test_a_principal_that_is_gone_loses_what_it_had():
    before = state_of(("cleo", "SELECT", SCHEMA))
    people = PrincipalDirectory.of(users=USERS[:2], groups=TEAM)
    after = AccessState.of(people, owners=before.owners, grants=[])
    lost = [change for change in compare(before, after) if change.principal == "cleo"]
    assert [(change.privilege, change.securable) for change in lost] == [("SELECT", SCHEMA)]


def test_a_schema_that_only_its_tables_name_stands_for_them_too():
    owners = dict.fromkeys(TABLES)
    people = PrincipalDirectory.of(users=USERS, groups=TEAM)
    base = [Grant("account users", name, CATALOG) for name in ("USE CATALOG", "USE SCHEMA")]
    before = AccessState.of(people, owners=owners, grants=base)
    after = AccessState.of(people, owners=owners, grants=[*base, Grant("cleo", "SELECT", SCHEMA)])
    assert rows(before, after) == [("cleo", "gains", "SELECT", "c.s", ())]


def test_equal_states_have_no_changes():
    state = state_of(("team", "SELECT", SCHEMA))
    assert compare(state, state_of(("team", "SELECT", SCHEMA))) == ()
