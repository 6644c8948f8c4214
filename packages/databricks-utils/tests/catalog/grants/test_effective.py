"""All rights of one principal, and of all principals on one object."""

import pytest

from databricks_utils.catalog.grants import (
    AccessState,
    EffectiveRights,
    Grant,
    PrincipalDirectory,
    Securable,
    UnknownPrincipalError,
    UnknownSecurableError,
)

pytestmark = pytest.mark.unit

METASTORE = Securable.parse("METASTORE")
CATALOG = Securable.parse("CATALOG", "c")
SCHEMA = Securable.parse("SCHEMA", "c.s")
ORDERS = Securable.parse("TABLE", "c.s.orders")
ITEMS = Securable.parse("TABLE", "c.s.items")
PEOPLE = PrincipalDirectory.of(users=["ana", "Ben"], groups={"team": ["ana"], "idle": []})
RIGHTS = EffectiveRights(
    AccessState.of(
        PEOPLE,
        owners={METASTORE: None, CATALOG: None, SCHEMA: "ben", ORDERS: None, ITEMS: "ana"},
        grants=[
            Grant("team", "USE CATALOG", CATALOG),
            Grant("ana", "USE SCHEMA", SCHEMA),
            Grant("team", "SELECT", SCHEMA),
            Grant("ana", "MODIFY", ORDERS),
            Grant("ben", "USE CATALOG", CATALOG),
        ],
    )
)


def test_a_member_s_rights_are_those_of_the_groups_and_its_own_and_what_it_owns():
    assert RIGHTS.of("ANA") == {
        CATALOG: {"USE_CATALOG"},
        SCHEMA: {"USE_SCHEMA", "SELECT"},
        ORDERS: {"SELECT", "MODIFY"},
        ITEMS: {"SELECT", "MODIFY", "APPLY_TAG", "MANAGE", "BROWSE"},
    }


def test_a_group_without_use_schema_has_no_right_on_the_tables():
    assert RIGHTS.of("team") == {CATALOG: {"USE_CATALOG"}}
    assert RIGHTS.of("idle") == {}


def test_the_owner_of_a_schema_manages_its_tables_and_has_no_external_use():
    rights = RIGHTS.of("ben")
    assert rights[ORDERS] == {"MANAGE"}
    assert "CREATE_TABLE" in rights[SCHEMA]
    assert "EXTERNAL_USE_SCHEMA" not in rights[SCHEMA]


def test_who_has_rights_on_one_object_is_told_by_name():
    assert RIGHTS.on(ORDERS) == {"ana": {"SELECT", "MODIFY"}, "ben": {"MANAGE"}}


def test_an_object_and_a_principal_that_do_not_exist_are_refused():
    with pytest.raises(UnknownSecurableError, match=r"no table c\.s\.order\n") as refusal:
        RIGHTS.on(Securable.parse("TABLE", "c.s.order"))
    assert refusal.value.fix == "did you mean `c.s.orders`?"
    with pytest.raises(UnknownPrincipalError, match="no principal `anna`"):
        RIGHTS.of("anna")
