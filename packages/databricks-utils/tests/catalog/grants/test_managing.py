"""Who may grant, revoke, own, create, drop and alter."""

import pytest

from databricks_utils.catalog.grants import (
    AccessState,
    Alteration,
    Grant,
    PrincipalDirectory,
    PrivilegeDoesNotFitError,
    Securable,
    SecurableKind,
    UnknownPrincipalError,
    may_alter,
    may_create,
    may_drop,
    may_grant,
    may_manage,
    may_revoke,
    may_transfer,
)

pytestmark = pytest.mark.unit

METASTORE = Securable(SecurableKind.METASTORE)
CATALOG = Securable.parse("CATALOG", "c")
SCHEMA = Securable.parse("SCHEMA", "c.s")
TABLE = Securable.parse("TABLE", "c.s.t")
VIEW = Securable.parse("VIEW", "c.s.v")
PEOPLE = PrincipalDirectory.of(
    users=["admin", "catalog_owner", "schema_owner", "table_owner", "manager", "reader", "nobody"],
    groups={"owners": ["table_owner"], "others": ["nobody"]},
)
OWNERS = {
    METASTORE: "admin",
    CATALOG: "catalog_owner",
    SCHEMA: "schema_owner",
    TABLE: "table_owner",
    VIEW: "table_owner",
}
STATE = AccessState.of(
    PEOPLE,
    owners=OWNERS,
    grants=[
        Grant("account users", "USE CATALOG", CATALOG),
        Grant("account users", "USE SCHEMA", SCHEMA),
        Grant("manager", "MANAGE", TABLE),
        Grant("manager", "MANAGE", VIEW),
        Grant("reader", "ALL PRIVILEGES", TABLE),
    ],
)
MANAGERS = {"admin", "catalog_owner", "schema_owner", "table_owner", "manager"}
USERS = sorted(name for name in PEOPLE.members("account users"))


def allowed_by(question, *, state=STATE, **asked):
    return {name for name in USERS if question(state, principal=name, **asked).allowed}


def test_the_owner_the_owners_above_and_who_has_manage_grant_and_revoke_and_drop():
    """Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/manage-privileges/"""
    assert allowed_by(may_grant, privilege="SELECT", securable=TABLE) == MANAGERS
    assert allowed_by(may_revoke, privilege="SELECT", securable=TABLE) == MANAGERS
    assert allowed_by(may_drop, securable=TABLE) == MANAGERS
    assert allowed_by(may_manage, securable=SCHEMA) == {"admin", "catalog_owner", "schema_owner"}


def test_all_privileges_does_not_manage():
    decision = may_grant(STATE, principal="reader", privilege="SELECT", securable=TABLE)
    assert decision.fix == "GRANT MANAGE ON TABLE `c`.`s`.`t` TO `reader`"


def test_only_the_owner_or_a_manager_of_a_catalog_grants_use_catalog():
    """Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/privileges-reference#use-catalog"""
    assert allowed_by(may_grant, privilege="USE CATALOG", securable=CATALOG) == {"admin", "catalog_owner"}


def test_without_use_above_it_a_manager_of_a_table_cannot_grant():
    state = STATE.revoked(Grant("account users", "USE CATALOG", CATALOG))
    found = allowed_by(may_grant, state=state, privilege="SELECT", securable=TABLE)
    assert found == {"admin", "catalog_owner"}
    decision = may_grant(state, principal="schema_owner", privilege="SELECT", securable=TABLE)
    assert decision.fix == "GRANT USE CATALOG ON CATALOG `c` TO `schema_owner`"


def test_external_use_schema_is_granted_by_the_owner_of_the_catalog_alone():
    """Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/privileges-reference#external-use-schema"""
    for question in (may_grant, may_revoke):
        assert allowed_by(question, privilege="EXTERNAL USE SCHEMA", securable=SCHEMA) == {"catalog_owner"}
    decision = may_grant(STATE, principal="schema_owner", privilege="external use schema", securable=SCHEMA)
    assert decision.fix == "ALTER CATALOG `c` OWNER TO `schema_owner`"


def test_a_privilege_that_does_not_fit_is_no_question_of_who_grants_it():
    with pytest.raises(PrivilegeDoesNotFitError, match="EXECUTE does not fit a table"):
        may_grant(STATE, principal="admin", privilege="EXECUTE", securable=TABLE)


def test_only_an_admin_grants_on_the_metastore():
    assert allowed_by(may_grant, privilege="CREATE CATALOG", securable=METASTORE) == {"admin"}
    decision = may_grant(STATE, principal="manager", privilege="CREATE CATALOG", securable=METASTORE)
    assert decision.fix == "an account admin makes `manager` a metastore admin"


def test_a_table_is_given_to_anybody_by_who_manages_it():
    """Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/manage-privileges/#manage-ownership"""
    assert allowed_by(may_transfer, securable=TABLE, new_owner="others") == MANAGERS
    with pytest.raises(UnknownPrincipalError, match="no principal `other`"):
        may_transfer(STATE, principal="admin", securable=TABLE, new_owner="other")


def test_a_view_is_given_to_others_by_an_admin_and_to_oneself_or_an_own_group_by_who_manages_it():
    """Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/manage-privileges/#manage-ownership"""
    assert allowed_by(may_transfer, securable=VIEW, new_owner="others") == {"admin"}
    assert allowed_by(may_transfer, securable=VIEW, new_owner="owners") == {"admin", "table_owner"}
    assert allowed_by(may_transfer, securable=VIEW, new_owner="manager") == {"admin", "manager"}
    assert "reader" not in allowed_by(may_transfer, securable=VIEW, new_owner="reader")
    refused = may_transfer(STATE, principal="manager", securable=VIEW, new_owner="others")
    assert refused.fix == "an account admin makes `manager` a metastore admin"


@pytest.mark.parametrize("kind", ["FUNCTION", "MODEL"])
def test_functions_and_models_are_given_away_as_views_are(kind):
    thing = Securable.parse(kind, "c.s.f")
    state = STATE.owned_by(thing, owner="table_owner")
    assert allowed_by(may_transfer, state=state, securable=thing, new_owner="others") == {"admin"}


CREATING = [
    ("CATALOG", "d", "CREATE CATALOG", METASTORE),
    ("SCHEMA", "c.n", "CREATE SCHEMA", CATALOG),
    ("TABLE", "c.s.n", "CREATE TABLE", SCHEMA),
    ("VIEW", "c.s.n", "CREATE TABLE", SCHEMA),
    ("MATERIALIZED VIEW", "c.s.n", "CREATE MATERIALIZED VIEW", SCHEMA),
    ("VOLUME", "c.s.n", "CREATE VOLUME", SCHEMA),
    ("FUNCTION", "c.s.n", "CREATE FUNCTION", SCHEMA),
    ("MODEL", "c.s.n", "CREATE MODEL", SCHEMA),
]


@pytest.mark.parametrize(("kind", "name", "privilege", "place"), CREATING, ids=[row[0] for row in CREATING])
def test_creating_asks_for_its_privilege_on_what_will_hold_the_object(kind, name, privilege, place):
    """Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/privileges-reference"""
    thing = Securable.parse(kind, name)
    assert allowed_by(may_create, securable=thing) == {OWNERS[place]}
    state = STATE.granted(Grant("nobody", privilege, place))
    assert allowed_by(may_create, state=state, securable=thing) == {OWNERS[place], "nobody"}


def test_columns_properties_and_the_comment_of_a_table_are_altered_with_modify():
    """Source: https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-alter-table"""
    for alteration in (Alteration.COLUMNS, Alteration.PROPERTIES, Alteration.COMMENT):
        found = allowed_by(may_alter, securable=TABLE, alteration=alteration)
        assert found == {"table_owner", "reader"}, "reader has ALL PRIVILEGES"


def test_the_comment_of_a_catalog_a_schema_or_a_volume_is_altered_by_who_manages_it():
    """Source: https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-comment"""
    volume = Securable.parse("VOLUME", "c.s.v")
    for thing, names in (
        (CATALOG, {"catalog_owner"}),
        (SCHEMA, {"catalog_owner", "schema_owner"}),
        (volume, MANAGERS - {"table_owner"}),
    ):
        state = (
            STATE.granted(Grant("manager", "MANAGE", thing))
            if thing in STATE.owners
            else STATE.owned_by(thing, owner="manager")
        )
        found = allowed_by(may_alter, state=state, securable=thing, alteration=Alteration.COMMENT)
        assert found == {"admin", *names, "manager"}


@pytest.mark.parametrize(
    ("thing", "alteration"),
    [(TABLE, Alteration.OTHER), *((VIEW, alteration) for alteration in Alteration)],
)
def test_everything_else_is_altered_by_its_owner_alone(thing, alteration):
    """Source: https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-syntax-ddl-alter-table and
    https://docs.databricks.com/aws/en/views/create-views
    """
    assert allowed_by(may_alter, securable=thing, alteration=alteration) == {"table_owner"}
    refused = may_alter(STATE, principal="manager", securable=thing, alteration=alteration)
    assert refused.fix == f"ALTER {thing.sql} OWNER TO `manager`"


def test_a_group_that_owns_alters_by_its_members_and_needs_use():
    state = STATE.owned_by(VIEW, owner="owners")
    assert allowed_by(may_alter, state=state, securable=VIEW, alteration=Alteration.DEFINITION) == {
        "table_owner"
    }
    state = state.revoked(Grant("account users", "USE SCHEMA", SCHEMA))
    refused = may_alter(state, principal="table_owner", securable=VIEW, alteration=Alteration.DEFINITION)
    assert refused.fix == "GRANT USE SCHEMA ON SCHEMA `c`.`s` TO `table_owner`"
