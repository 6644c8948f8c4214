"""What GRANT, REVOKE, OWNER TO and DROP change."""

import pytest

from databricks_utils.catalog.grants import (
    AccessState,
    Grant,
    PrincipalDirectory,
    PrivilegeDoesNotFitError,
    Securable,
    UnknownPrincipalError,
    UnknownPrivilegeError,
    UnknownSecurableError,
    decide,
)

pytestmark = pytest.mark.unit

CATALOG = Securable.parse("CATALOG", "c")
SCHEMA = Securable.parse("SCHEMA", "c.s")
TABLE = Securable.parse("TABLE", "c.s.orders")
PEOPLE = PrincipalDirectory.of(users=["Ana", "ben"])
EMPTY = AccessState.of(PEOPLE, owners={CATALOG: None, SCHEMA: None, TABLE: "Ben"})


def granted(*names, on=TABLE, principal="ana"):
    state = EMPTY
    for name in names:
        state = state.granted(Grant(principal, name, on))
    return state


def test_a_grant_is_kept_under_the_principal_in_lower_case_and_the_other_state_stays():
    state = granted("select", "SELECT", principal="ANA")
    assert state.grants == {TABLE: {"ana": {"SELECT"}}}
    assert EMPTY.grants == {}
    assert EMPTY.owners[TABLE] == "ben"


def test_revoke_all_privileges_takes_what_it_implies_and_leaves_manage():
    """Source: https://docs.databricks.com/aws/en/sql/language-manual/security-revoke"""
    state = granted("ALL PRIVILEGES", "SELECT", "MODIFY", "MANAGE")
    assert state.revoked(Grant("ana", "ALL PRIVILEGES", TABLE)).grants == {TABLE: {"ana": {"MANAGE"}}}
    without_all = granted("SELECT", "MANAGE").revoked(Grant("ana", "ALL PRIVILEGES", TABLE))
    assert without_all.grants == {TABLE: {"ana": {"MANAGE"}}}


def test_revoke_all_privileges_leaves_external_use():
    """Source: https://docs.databricks.com/aws/en/sql/language-manual/security-revoke"""
    state = granted("ALL PRIVILEGES", "EXTERNAL USE SCHEMA", "USE SCHEMA", on=SCHEMA)
    left = state.revoked(Grant("ana", "ALL PRIVILEGES", SCHEMA)).grants
    assert left == {SCHEMA: {"ana": {"EXTERNAL_USE_SCHEMA"}}}


def test_to_revoke_one_privilege_leaves_all_privileges():
    state = granted("ALL PRIVILEGES", "SELECT").revoked(Grant("ana", "SELECT", TABLE))
    assert state.grants == {TABLE: {"ana": {"ALL_PRIVILEGES"}}}


def test_to_revoke_what_was_not_granted_changes_nothing():
    """Source: https://docs.databricks.com/aws/en/sql/language-manual/security-revoke"""
    state = granted("SELECT")
    assert state.revoked(Grant("ben", "SELECT", TABLE)) == state
    assert state.revoked(Grant("ana", "MODIFY", TABLE)) == state


def test_an_inherited_privilege_is_not_revoked_below():
    state = granted("SELECT", "USE SCHEMA", "USE CATALOG", on=CATALOG)
    state = state.revoked(Grant("ana", "SELECT", TABLE))
    assert decide(state, principal="ana", privilege="SELECT", securable=TABLE).allowed


def test_the_earlier_owner_has_nothing_left():
    state = EMPTY.owned_by(TABLE, owner="ANA")
    assert decide(state, principal="ana", privilege="SELECT", securable=TABLE).reasons
    assert not decide(state, principal="ben", privilege="SELECT", securable=TABLE).reasons


def test_a_dropped_schema_takes_its_tables_and_their_grants_with_it():
    state = granted("SELECT").granted(Grant("ana", "USE CATALOG", CATALOG)).dropped(SCHEMA)
    assert set(state.owners) == {CATALOG}
    assert set(state.grants) == {CATALOG}


def test_a_table_of_the_same_name_begins_without_grants():
    state = granted("SELECT").dropped(TABLE).owned_by(TABLE, owner="ben")
    assert not decide(state, principal="ana", privilege="SELECT", securable=TABLE).reasons


def test_a_statement_about_what_does_not_exist_is_refused():
    with pytest.raises(UnknownSecurableError, match=r"no table c\.s\.order\n") as refusal:
        EMPTY.granted(Grant("ana", "SELECT", Securable.parse("TABLE", "c.s.order")))
    assert refusal.value.fix == "did you mean `c.s.orders`?"
    with pytest.raises(UnknownSecurableError, match=r"no volume c\.s\.v") as refusal:
        EMPTY.dropped(Securable.parse("VOLUME", "c.s.v"))
    assert refusal.value.fix == "create the volume first"
    with pytest.raises(UnknownPrincipalError, match="no principal `anna`") as unknown:
        EMPTY.granted(Grant("anna", "SELECT", TABLE))
    assert unknown.value.fix == "did you mean `Ana`?"
    with pytest.raises(UnknownPrincipalError, match="no principal `zoe`"):
        EMPTY.owned_by(TABLE, owner="zoe")


@pytest.mark.parametrize("statement", [EMPTY.granted, EMPTY.revoked])
def test_a_privilege_that_does_not_exist_or_fit_is_refused(statement):
    with pytest.raises(UnknownPrivilegeError, match="no privilege `READ`"):
        statement(Grant("ana", "READ", TABLE))
    with pytest.raises(PrivilegeDoesNotFitError, match="READ VOLUME does not fit a table"):
        statement(Grant("ana", "READ VOLUME", TABLE))


def test_a_state_is_read_also_with_principals_and_objects_that_are_gone():
    gone = Securable.parse("TABLE", "c.s.gone")
    state = AccessState.of(PEOPLE, grants=[Grant("Old", "SELECT", gone)])
    assert state.grants == {gone: {"old": {"SELECT"}}}
    with pytest.raises(PrivilegeDoesNotFitError, match="EXECUTE does not fit a table"):
        AccessState.of(PEOPLE, grants=[Grant("ana", "EXECUTE", gone)])


def test_the_metastore_is_always_there():
    metastore = Securable.parse("METASTORE")
    assert EMPTY.granted(Grant("ana", "CREATE CATALOG", metastore)).grants[metastore]


def test_a_statement_quotes_its_names():
    statement = Grant("a`b@example.com", "USE_SCHEMA", Securable.parse("SCHEMA", "c.`odd.s`")).statement
    assert statement == "GRANT USE SCHEMA ON SCHEMA `c`.`odd.s` TO `a``b@example.com`"
