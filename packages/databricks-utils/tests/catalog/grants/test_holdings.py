"""The rights of a principal and on an object, with their reasons."""

import pytest

from databricks_utils.catalog.grants import (
    AccessState,
    Grant,
    PrincipalDirectory,
    Securable,
    UnknownPrincipalError,
    UnknownSecurableError,
    rights_of,
    rights_on,
)

pytestmark = pytest.mark.unit

CATALOG = Securable.parse("CATALOG", "c")
SCHEMA = Securable.parse("SCHEMA", "c.s")
TABLES = [Securable.parse("TABLE", f"c.s.t{number}") for number in range(50)]
PEOPLE = PrincipalDirectory.of(users=["Ana"], groups={"team": ["ana"], "owners": []})


def state_of(*grants):
    rows = [Grant(*row) for row in (("account users", "USE CATALOG", CATALOG), *grants)]
    return AccessState.of(
        PEOPLE, owners={CATALOG: None, SCHEMA: "owners"} | dict.fromkeys(TABLES), grants=rows
    )


def rows(holdings):
    return [(each.principal, each.privilege, each.securable.name, each.usable) for each in holdings]


def test_a_right_on_a_schema_is_one_entry_with_the_way_to_it():
    state = state_of(("team", "SELECT", SCHEMA), ("team", "USE SCHEMA", SCHEMA), ("Ana", "MODIFY", TABLES[3]))
    found = rights_of(state, principal="ana")
    assert rows(found) == [
        ("Ana", "USE_CATALOG", "c", True),
        ("Ana", "SELECT", "c.s", True),
        ("Ana", "USE_SCHEMA", "c.s", True),
        ("Ana", "MODIFY", "c.s.t3", True),
    ]
    assert str(found[1].reasons[0]) == "SELECT on schema c.s is granted to `team` (Ana → team)"


def test_what_was_granted_and_lacks_use_comes_last_with_what_is_missing():
    (_, useless) = rights_of(state_of(("team", "SELECT", SCHEMA)), principal="Ana")
    assert rows([useless]) == [("Ana", "SELECT", "c.s", False)]
    assert [str(each) for each in useless.missing] == ["USE SCHEMA on schema c.s"]


def test_who_may_do_what_with_an_object_is_listed_by_principal_groups_among_them():
    state = state_of(("team", "SELECT", SCHEMA), ("account users", "USE SCHEMA", SCHEMA))
    assert rows(rights_on(state, securable=TABLES[0])) == [
        ("Ana", "SELECT", "c.s.t0", True),
        ("owners", "MANAGE", "c.s.t0", True),
        ("team", "SELECT", "c.s.t0", True),
    ]


def test_names_that_do_not_exist_are_refused():
    with pytest.raises(UnknownPrincipalError, match="did you mean `team`"):
        rights_of(state_of(), principal="teams")
    with pytest.raises(UnknownSecurableError, match=r"did you mean `c\.s`"):
        rights_on(state_of(), securable=Securable.parse("SCHEMA", "c.ss"))
