"""Who may use which privilege: the examples of the documentation, each privilege, each rule."""

import pytest

from databricks_utils.catalog.grants import (
    AccessState,
    Grant,
    PrincipalDirectory,
    PrivilegeDoesNotFitError,
    Securable,
    SecurableKind,
    UnknownPrincipalError,
    Way,
    decide,
    known_privileges,
    named,
)

pytestmark = pytest.mark.unit

CONCEPTS = (
    "https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/permissions-concepts"
)
METASTORE = Securable(SecurableKind.METASTORE)
CATALOG = Securable.parse("CATALOG", "sales")
SCHEMA = Securable.parse("SCHEMA", "sales.eu")
OBJECTS = {kind: Securable(kind, ("sales", "eu", "x")[: kind.parts]) for kind in SecurableKind}
TABLE = OBJECTS[SecurableKind.TABLE]
PEOPLE = PrincipalDirectory.of(
    users=["ana", "ben"],
    service_principals=["robot"],
    groups={"finance_team": ["ana", "inner"], "inner": ["robot"], "data_engineers": ["ben"]},
)
BOTH_USES = (("USE CATALOG", CATALOG), ("USE SCHEMA", SCHEMA))


def state_of(*grants, owners=None):
    rows = [Grant(principal, privilege, place) for principal, privilege, place in grants]
    return AccessState.of(PEOPLE, owners=owners, grants=rows)


def using(principal, *more):
    return [(principal, privilege, place) for privilege, place in (*BOTH_USES, *more)]


def allowed(state, principal, privilege, securable):
    return decide(state, principal=principal, privilege=privilege, securable=securable).allowed


def test_the_finance_team_reads_every_table_and_view_of_the_catalog():
    """Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/permissions-concepts#inheritance

    GRANT USE CATALOG, USE SCHEMA, SELECT ON CATALOG sales TO finance_team
    """
    state = state_of(*(("finance_team", name, CATALOG) for name in ("USE CATALOG", "USE SCHEMA", "SELECT")))
    for principal in ("finance_team", "ana", "robot"):
        assert allowed(state, principal, "USE CATALOG", CATALOG)
        assert allowed(state, principal, "USE SCHEMA", SCHEMA)
        assert allowed(state, principal, "SELECT", TABLE)
        assert allowed(state, principal, "SELECT", OBJECTS[SecurableKind.VIEW])
        assert not allowed(state, principal, "MODIFY", TABLE)
    assert not allowed(state, "ben", "SELECT", TABLE)
    assert not allowed(state, "ana", "SELECT", Securable.parse("TABLE", "other.eu.x"))


def test_data_engineers_create_tables_in_every_schema_of_the_catalog():
    """Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/permissions-concepts#inheritance

    GRANT USE CATALOG, USE SCHEMA, CREATE TABLE ON CATALOG analytics TO data_engineers
    """
    state = state_of(
        *(("data_engineers", name, CATALOG) for name in ("USE CATALOG", "USE SCHEMA", "CREATE TABLE"))
    )
    assert allowed(state, "ben", "CREATE TABLE", SCHEMA)
    assert not allowed(state, "ben", "CREATE VOLUME", SCHEMA)
    assert not allowed(state, "ben", "SELECT", TABLE)


@pytest.mark.parametrize("taken", range(3))
def test_to_read_a_table_takes_use_catalog_and_use_schema_and_select(taken):
    """Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/permissions-concepts#usage-privileges"""
    needed = using("ana", ("SELECT", TABLE))
    assert allowed(state_of(*needed), "ana", "SELECT", TABLE)
    left = [grant for number, grant in enumerate(needed) if number != taken]
    decision = decide(state_of(*left), principal="ana", privilege="SELECT", securable=TABLE)
    _, privilege, place = needed[taken]
    assert decision.fix == f"GRANT {privilege} ON {place.sql} TO `ana`"


@pytest.mark.parametrize(
    ("held_on", "needed"),
    [(CATALOG, []), (SCHEMA, [BOTH_USES[0]]), (TABLE, list(BOTH_USES))],
    ids=["catalog", "schema", "table"],
)
def test_manage_needs_use_only_above_the_place_where_it_is_held(held_on, needed):
    """Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/permissions-concepts#manage-usage-requirements"""
    without = state_of(("ana", "MANAGE", held_on))
    decision = decide(without, principal="ana", privilege="MANAGE", securable=TABLE)
    assert [(each.privilege.replace("_", " "), each.securable) for each in decision.missing] == needed
    used = state_of(("ana", "MANAGE", held_on), *(("ana", *each) for each in needed))
    assert allowed(used, "ana", "MANAGE", TABLE)
    assert not allowed(used, "ana", "SELECT", TABLE)


def test_manage_on_the_catalog_does_in_place_of_use_for_manage_below_and_not_for_select():
    """Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/permissions-concepts#manage-usage-requirements"""
    state = state_of(("ana", "MANAGE", CATALOG), ("ana", "MANAGE", TABLE), ("ana", "SELECT", TABLE))
    assert allowed(state, "ana", "MANAGE", TABLE)
    assert not allowed(state, "ana", "SELECT", TABLE)


@pytest.mark.parametrize(
    ("kind", "implied"),
    [
        (SecurableKind.TABLE, {"SELECT", "MODIFY", "APPLY_TAG"}),
        (SecurableKind.VOLUME, {"READ_VOLUME", "WRITE_VOLUME", "APPLY_TAG"}),
    ],
)
@pytest.mark.parametrize("on", ["itself", "schema", "catalog"])
def test_all_privileges_implies_what_fits_the_object(kind, implied, on):
    """Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/permissions-concepts#all-privileges-behavior"""
    thing = OBJECTS[kind]
    place = {"itself": thing, "schema": SCHEMA, "catalog": CATALOG}[on]
    state = state_of(*using("ana", ("ALL PRIVILEGES", place)))
    found = {
        name
        for name, each in known_privileges().items()
        if each.asked_of(kind) and allowed(state, "ana", name, thing)
    }
    assert found - {"ALL_PRIVILEGES", "BROWSE"} == implied
    assert ("BROWSE" in found) == (on == "catalog")


def test_all_privileges_on_a_catalog_implies_use_but_neither_manage_nor_external_use():
    """Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/privileges-reference#all-privileges"""
    state = state_of(("ana", "ALL PRIVILEGES", CATALOG))
    assert allowed(state, "ana", "SELECT", TABLE)
    assert allowed(state, "ana", "CREATE SCHEMA", CATALOG)
    assert allowed(state, "ana", "CREATE MODEL VERSION", OBJECTS[SecurableKind.MODEL])
    assert not allowed(state, "ana", "MANAGE", TABLE)
    assert not allowed(state, "ana", "EXTERNAL USE SCHEMA", SCHEMA)


def test_an_owner_may_do_everything_with_the_object_but_needs_use_above_it():
    """Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/permissions-concepts#ownership"""
    bare = state_of(owners={TABLE: "ana"})
    for name in ("SELECT", "MODIFY", "APPLY TAG", "MANAGE"):
        decision = decide(bare, principal="ana", privilege=name, securable=TABLE)
        assert [missing.privilege for missing in decision.missing] == ["USE_CATALOG", "USE_SCHEMA"]
        assert [reason.way for reason in decision.reasons] == [Way.OWNER]
        assert allowed(state_of(*using("ana"), owners={TABLE: "ana"}), "ana", name, TABLE)


@pytest.mark.parametrize("place", [SCHEMA, CATALOG, METASTORE])
def test_the_owner_of_what_holds_a_table_manages_it_and_does_not_read_it(place):
    """Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/permissions-concepts#ownership"""
    state = state_of(*using("ana"), owners={place: "ana"})
    assert allowed(state, "ana", "MANAGE", TABLE)
    assert not allowed(state, "ana", "SELECT", TABLE)
    assert not allowed(state, "ana", "APPLY TAG", TABLE)


def test_the_owner_of_a_schema_has_its_own_privileges_but_external_use():
    """Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/privileges-reference#external-use-schema"""
    state = state_of(("ana", "USE CATALOG", CATALOG), owners={SCHEMA: "ana"})
    assert allowed(state, "ana", "USE SCHEMA", SCHEMA)
    assert allowed(state, "ana", "CREATE TABLE", SCHEMA)
    assert not allowed(state, "ana", "EXTERNAL USE SCHEMA", SCHEMA)
    assert not allowed(state, "ana", "SELECT", SCHEMA), "that would be SELECT on all its tables"


def test_a_group_owns_for_its_members():
    state = state_of(*using("account users"), owners={TABLE: "finance_team"})
    assert allowed(state, "robot", "SELECT", TABLE)
    assert not allowed(state, "ben", "SELECT", TABLE)


def test_browse_on_the_catalog_reaches_everything_in_it_without_use():
    """Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/privileges-reference#browse"""
    state = state_of(("account users", "BROWSE", CATALOG))
    for kind in set(SecurableKind) - {SecurableKind.METASTORE}:
        assert allowed(state, "ben", "BROWSE", OBJECTS[kind])
    missing = decide(state_of(), principal="ben", privilege="BROWSE", securable=TABLE).fix
    assert missing == "GRANT BROWSE ON CATALOG `sales` TO `ben`"


def test_nothing_inherits_from_the_metastore():
    """Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/permissions-concepts#inheritance"""
    state = state_of(("ana", "CREATE CATALOG", METASTORE))
    assert allowed(state, "ana", "CREATE CATALOG", METASTORE)
    assert not allowed(state, "ana", "CREATE SCHEMA", CATALOG)


def test_what_was_granted_on_one_object_says_nothing_of_its_neighbour_or_of_what_holds_it():
    state = state_of(*using("ana", ("SELECT", TABLE)))
    assert not allowed(state, "ana", "SELECT", Securable.parse("TABLE", "sales.eu.y"))
    assert not allowed(state, "ana", "SELECT", OBJECTS[SecurableKind.VIEW])
    assert not allowed(state, "ana", "SELECT", SCHEMA)


def test_a_right_on_a_container_asks_for_use_of_the_container_itself():
    state = state_of(("ana", "USE CATALOG", CATALOG), ("ana", "SELECT", SCHEMA))
    decision = decide(state, principal="ana", privilege="SELECT", securable=SCHEMA)
    assert decision.fix == "GRANT USE SCHEMA ON SCHEMA `sales`.`eu` TO `ana`"


def test_use_schema_itself_needs_use_catalog_and_is_asked_for_once():
    decision = decide(state_of(), principal="ana", privilege="USE SCHEMA", securable=SCHEMA)
    assert [missing.privilege for missing in decision.missing] == ["USE_CATALOG", "USE_SCHEMA"]
    on_catalog = decide(
        state_of(("ana", "USE SCHEMA", CATALOG)), principal="ana", privilege="USE SCHEMA", securable=CATALOG
    )
    assert on_catalog.fix == "GRANT USE CATALOG ON CATALOG `sales` TO `ana`"


def test_reasons_are_named_from_the_object_up_with_the_groups_between():
    state = state_of(
        *using("account users"), ("robot", "SELECT", TABLE), ("finance_team", "ALL PRIVILEGES", CATALOG)
    )
    decision = decide(state, principal="robot", privilege="select", securable=TABLE)
    assert [(reason.way, reason.securable) for reason in decision.reasons] == [
        (Way.GRANT, TABLE),
        (Way.ALL_PRIVILEGES, CATALOG),
    ]
    assert decision.reasons[1].path == ("robot", "inner", "finance_team")
    assert str(decision) == (
        "`robot` has SELECT on table sales.eu.x: SELECT on table sales.eu.x is granted to `robot`; "
        "ALL PRIVILEGES on catalog sales is granted to `finance_team` (robot → inner → finance_team)"
    )


def test_a_refusal_names_everything_that_is_missing_and_the_statements_that_add_it():
    decision = decide(
        state_of(), principal="ben", privilege="READ VOLUME", securable=OBJECTS[SecurableKind.VOLUME]
    )
    assert str(decision) == (
        "`ben` does not have USE CATALOG on catalog sales, USE SCHEMA on schema sales.eu, "
        "READ VOLUME on volume sales.eu.x"
    )
    assert decision.fix.splitlines()[2] == "GRANT READ VOLUME ON VOLUME `sales`.`eu`.`x` TO `ben`"


def test_a_question_that_means_nothing_is_an_error_and_no_refusal():
    with pytest.raises(PrivilegeDoesNotFitError, match="READ VOLUME does not fit a table"):
        decide(state_of(), principal="ana", privilege="READ VOLUME", securable=TABLE)
    with pytest.raises(UnknownPrincipalError, match="no principal `anna`"):
        decide(state_of(), principal="anna", privilege="SELECT", securable=TABLE)


def uses_of(privilege, place, thing):
    """What is needed beside a privilege, straight from the documentation's sentences."""
    if privilege.name in ("BROWSE", "MANAGE") or thing.kind is SecurableKind.METASTORE:
        return [] if privilege.name != "MANAGE" else [use for use in BOTH_USES if use[1] in place.above]
    if privilege.name in ("USE_CATALOG", "USE_SCHEMA"):
        return [use for use in BOTH_USES if use[1] in thing.above]
    return [use for use in BOTH_USES if use[1] in (*thing.above, thing)]


EACH_PRIVILEGE = [
    pytest.param(privilege.name, OBJECTS[on], OBJECTS[used], id=f"{privilege.name}-{on}-{used}")
    for privilege in known_privileges().values()
    for on in sorted(privilege.on)
    for used in sorted(privilege.used_on)
    if on == used or on in used.containers
]


def test_each_privilege_that_fits_something_here_is_tried():
    tried = {case.values[0] for case in EACH_PRIVILEGE}
    fitting = {name for name, privilege in known_privileges().items() if privilege.used_on}
    assert tried == fitting
    assert len(EACH_PRIVILEGE) > 80


@pytest.mark.parametrize(("name", "place", "thing"), EACH_PRIVILEGE)
def test_each_privilege_allows_where_it_is_granted_and_denies_without(name, place, thing):
    uses = [("ana", *use) for use in uses_of(named(name), place, thing)]
    granted = state_of(("ana", name, place), *uses)
    assert allowed(granted, "ana", name, thing)
    assert not allowed(granted, "ben", name, thing)
    without = decide(
        state_of(*(use for use in uses if use[1] != named(name).sql)),
        principal="ana",
        privilege=name,
        securable=thing,
    )
    assert not without.allowed
    assert without.missing[-1].privilege == name
    for use in uses:
        if use[1] != named(name).sql:
            rest = [other for other in uses if other != use]
            assert not allowed(state_of(("ana", name, place), *rest), "ana", name, thing), use
