"""Each check refuses what it should, and passes what is fine."""

import pytest

from databricks_utils.catalog.grants import (
    AccessState,
    Check,
    Grant,
    Need,
    PrincipalDirectory,
    PrivilegeDoesNotFitError,
    Securable,
    UnknownPrivilegeError,
    all_privileges_granted,
    bi_writes,
    grants_without_use,
    lacking,
    owned_by_people,
    reads_of_production,
    refusals,
    unknown_principals,
)

pytestmark = pytest.mark.unit

CATALOG = Securable.parse("CATALOG", "prod")
GOLD = Securable.parse("SCHEMA", "prod.gold")
TABLE = Securable.parse("TABLE", "prod.gold.sales")
FILES = Securable.parse("VOLUME", "prod.gold.files")
OTHER = Securable.parse("SCHEMA", "other.gold")
PEOPLE = PrincipalDirectory.of(
    users=["ana@example.com"],
    service_principals=["robot", "tableau"],
    groups={"bi": ["ana@example.com", "tableau"], "writers": ["robot"], "outer": ["bi"]},
)
USE = (("account users", "USE CATALOG", CATALOG), ("account users", "USE SCHEMA", CATALOG))


def state_of(*grants, owners=None, use=USE, people=PEOPLE):
    rows = [Grant(*row) for row in (*use, *grants)]
    return AccessState.of(people, owners=dict.fromkeys([CATALOG, GOLD]) | (owners or {}), grants=rows)


def told(problems):
    return [(problem.principal, problem.privilege, problem.securable.name) for problem in problems]


def test_a_privilege_that_does_not_exist_or_does_not_fit_is_refused_with_what_fits():
    unknown, misfit = Grant("bi", "SELEKT", GOLD), Grant("bi", "USE_CATALOG", GOLD)
    found = refusals([unknown, Grant("bi", "select", GOLD), misfit])
    assert list(found) == [unknown, misfit]
    assert isinstance(found[unknown], UnknownPrivilegeError)
    assert "`SELECT`" in found[unknown].fix
    assert isinstance(found[misfit], PrivilegeDoesNotFitError)
    assert "USE CATALOG fits: CATALOG\n" in found[misfit].fix


def test_a_grant_to_a_principal_that_is_not_declared_is_found_with_the_nearest_name():
    found = list(unknown_principals(state_of(("writrs", "SELECT", GOLD), ("Writers", "SELECT", GOLD))))
    assert told(found) == [("writrs", "SELECT", "prod.gold")]
    assert found[0].fix == "did you mean `writers`?"


@pytest.mark.parametrize("name", ["MODIFY", "CREATE TABLE", "ALL PRIVILEGES", "MANAGE", "WRITE VOLUME"])
def test_a_bi_group_that_may_write_is_found_without_use_too(name):
    found = list(bi_writes(state_of(("bi", name, GOLD), use=()), principals=["BI"]))
    assert [(problem.principal, problem.check) for problem in found] == [
        ("bi", Check.BI_CAN_WRITE),
        ("tableau", Check.BI_CAN_WRITE),
    ]
    assert found[0].fix == f"REVOKE {name} ON SCHEMA `prod`.`gold` FROM `bi`"
    assert found[1].summary.endswith("through tableau → bi")


def test_a_bi_group_that_owns_an_object_or_is_in_a_group_that_writes_is_found():
    grant = ("outer", "MODIFY", TABLE)
    found = list(bi_writes(state_of(grant, owners={FILES: "bi"}), principals=["bi"]))
    assert ("bi", "MODIFY", "prod.gold.sales") in told(found)
    assert ("bi", "", "prod.gold.files") in told(found)
    assert "ALTER VOLUME" in next(problem.fix for problem in found if not problem.privilege)


def test_a_bi_group_that_reads_passes_and_so_does_a_person_in_it_who_writes_elsewhere():
    reads = [("bi", name, GOLD) for name in ("SELECT", "USE SCHEMA", "READ VOLUME", "EXECUTE")]
    state = state_of(*reads, ("ana@example.com", "MODIFY", GOLD), ("writers", "MODIFY", GOLD))
    assert list(bi_writes(state, principals=["bi", "not declared"])) == []


def test_a_principal_of_development_that_can_read_production_is_found_with_its_way():
    state = state_of(("writers", "SELECT", GOLD))
    (found,) = reads_of_production(state, principals={"Robot": "job load of dev runs as it"}, objects={GOLD})
    assert (found.principal, found.privilege, found.securable) == ("robot", "SELECT", GOLD)
    assert found.fix == (
        "REVOKE SELECT ON SCHEMA `prod`.`gold` FROM `writers`; or take `robot` out of `writers`"
    )
    assert found.detail == "`Robot` is a principal of development: job load of dev runs as it"
    assert found.grant == Grant("writers", "SELECT", GOLD)


def test_a_table_of_production_counts_with_its_schema_and_all_privileges_count_as_reading():
    state = state_of(("account users", "ALL PRIVILEGES", TABLE), owners={TABLE: None})
    (found,) = reads_of_production(state, principals={"robot": "it runs"}, objects={CATALOG})
    assert found.grant == Grant("account users", "ALL_PRIVILEGES", TABLE)


def test_who_cannot_read_production_passes_and_so_does_reading_elsewhere():
    state = state_of(("robot", "SELECT", OTHER), ("writers", "MODIFY", GOLD), ("robot", "USE SCHEMA", GOLD))
    assert list(reads_of_production(state, principals={"robot": "", "nobody": ""}, objects={GOLD})) == []
    unusable = state_of(("robot", "SELECT", GOLD), use=())
    assert list(reads_of_production(unusable, principals={"robot": ""}, objects={GOLD})) == []


def test_a_grant_without_use_above_it_is_found_with_the_statements():
    (found,) = grants_without_use(state_of(("bi", "SELECT", GOLD), use=()))
    assert (
        "has no effect for `bi`: USE CATALOG on catalog prod and USE SCHEMA on schema prod.gold"
        in found.summary
    )
    assert found.fix.splitlines() == [
        "GRANT USE CATALOG ON CATALOG `prod` TO `bi`",
        "GRANT USE SCHEMA ON SCHEMA `prod`.`gold` TO `bi`",
    ]


def test_a_grant_on_a_catalog_that_lacks_use_schema_everywhere_is_found():
    use = USE[:1]
    (found,) = grants_without_use(state_of(("bi", "SELECT", CATALOG), use=use))
    assert "USE SCHEMA on catalog prod is missing" in found.summary
    with_schema = state_of(("bi", "SELECT", CATALOG), ("outer", "USE SCHEMA", GOLD), use=use)
    assert list(grants_without_use(with_schema)) == []


@pytest.mark.parametrize(
    "grants",
    [
        [("bi", "SELECT", GOLD), *USE],
        [("bi", "ALL PRIVILEGES", GOLD), USE[0]],
        [("bi", "SELECT", GOLD), ("bi", "USE SCHEMA", GOLD), USE[0]],
        [("bi", "BROWSE", CATALOG)],
        [("bi", "MANAGE", CATALOG)],
        [("bi", "SELECT", GOLD), *(("tableau", name, CATALOG) for name in ("USE CATALOG", "USE SCHEMA"))],
        [("nobody", "SELECT", GOLD)],
        [("bi", "CREATE SCHEMA", CATALOG), USE[0]],
    ],
)
def test_a_grant_that_works_for_the_group_or_for_one_of_its_members_passes(grants):
    assert list(grants_without_use(state_of(*grants, use=()))) == []


def test_an_object_that_a_person_owns_is_found_and_one_of_a_group_or_of_nobody_passes():
    owners = {GOLD: "Ana@example.com", TABLE: "writers", FILES: "robot", CATALOG: None}
    (found,) = owned_by_people(state_of(owners=owners))
    assert (found.principal, found.securable) == ("ana@example.com", GOLD)
    assert "OWNER TO" in found.fix


def test_all_privileges_are_found_and_single_ones_pass():
    state = state_of(("bi", "ALL PRIVILEGES", GOLD), ("writers", "MODIFY", GOLD))
    assert told(all_privileges_granted(state)) == [("bi", "ALL_PRIVILEGES", "prod.gold")]


def test_who_lacks_what_they_need_is_found_and_who_has_it_through_a_group_passes():
    state = state_of(("writers", "READ VOLUME", FILES), owners={FILES: None})
    needs = [Need(name, "READ VOLUME", FILES, "job load reads it") for name in ("robot", "tableau", "nobody")]
    (found,) = lacking(state, needs=needs)
    assert found.summary == "`tableau` lacks READ VOLUME on volume prod.gold.files: job load reads it"
    assert found.fix == "GRANT READ VOLUME ON VOLUME `prod`.`gold`.`files` TO `tableau`"


EMPTY = PrincipalDirectory.of(groups={"writers": [], "readers": [], "others": []})


def test_a_group_whose_members_are_not_known_needs_use_itself_and_the_detail_names_who_has_it():
    grants = [Grant("writers", "MODIFY", GOLD), Grant("account users", "USE CATALOG", CATALOG)]
    alone = AccessState.of(EMPTY, owners={GOLD: None}, grants=grants)
    assert told(grants_without_use(alone)) == [("writers", "MODIFY", "prod.gold")]
    assert list(grants_without_use(alone.owned_by(GOLD, owner="others")))
    with_readers = alone.granted(Grant("readers", "USE SCHEMA", GOLD))
    (found,) = grants_without_use(with_readers)
    assert found.principal == "writers"
    assert "no member of `writers` is known" in found.detail
    assert "has USE: readers (" in found.detail
    assert list(grants_without_use(alone.granted(Grant("account users", "USE SCHEMA", GOLD)))) == []
    outer = PrincipalDirectory.of(groups={"writers": [], "readers": ["writers"]})
    inside = AccessState.of(
        outer, owners={GOLD: None}, grants=[*grants, Grant("readers", "USE SCHEMA", GOLD)]
    )
    assert list(grants_without_use(inside)) == []


def test_a_group_with_known_members_of_whom_none_has_use_is_found_though_others_have_it():
    state = state_of(("bi", "SELECT", GOLD), ("writers", "USE SCHEMA", GOLD), use=USE[:1])
    assert told(grants_without_use(state)) == [("bi", "SELECT", "prod.gold")]


def test_a_user_without_use_is_found_though_others_have_it():
    grants = [Grant("ana@example.com", "SELECT", GOLD), Grant("writers", "USE SCHEMA", GOLD)]
    use = Grant("account users", "USE CATALOG", CATALOG)
    state = AccessState.of(PEOPLE, owners={GOLD: None}, grants=[*grants, use])
    assert told(grants_without_use(state)) == [("ana@example.com", "SELECT", "prod.gold")]


def test_what_development_reads_by_one_grant_is_one_problem_with_all_that_it_reads():
    state = state_of(("writers", "ALL PRIVILEGES", GOLD))
    (found,) = reads_of_production(state, principals={"robot": "it runs"}, objects={GOLD})
    assert "can read production: EXECUTE, READ VOLUME, SELECT on schema prod.gold" in found.summary


def test_an_object_of_production_that_development_owns_is_to_be_given_away():
    state = state_of(owners={TABLE: "robot"})
    (found,) = reads_of_production(state, principals={"robot": "it runs"}, objects={GOLD})
    assert (found.securable, found.grant, found.fix) == (
        TABLE,
        None,
        "give table prod.gold.sales another owner",
    )


@pytest.mark.parametrize(
    ("grantee", "fix"),
    [
        ("robot", "REVOKE SELECT ON SCHEMA `prod`.`gold` FROM `robot`"),
        ("account users", "REVOKE SELECT ON SCHEMA `prod`.`gold` FROM `account users`"),
    ],
)
def test_nobody_is_to_be_taken_out_of_a_group_that_is_none_or_everybody(grantee, fix):
    state = state_of((grantee, "SELECT", GOLD))
    (found,) = reads_of_production(state, principals={"robot": "it runs"}, objects={GOLD})
    assert found.fix == fix


def test_what_development_may_read_outside_of_production_passes():
    use = [("robot", name, Securable.parse("CATALOG", "other")) for name in ("USE CATALOG", "USE SCHEMA")]
    state = state_of(*use, ("robot", "SELECT", OTHER), owners={OTHER: None})
    assert list(reads_of_production(state, principals={"robot": "it runs"}, objects={GOLD})) == []


def test_an_object_of_another_owner_is_none_that_a_bi_tool_owns():
    assert list(bi_writes(state_of(owners={FILES: "writers", TABLE: None}), principals=["bi"])) == []


def test_an_unknown_principal_is_found_once_for_each_object_and_a_problem_of_its_own_names_no_group():
    grants = [("nobody", "SELECT", GOLD), ("nobody", "MODIFY", GOLD), ("nobody", "SELECT", TABLE)]
    assert told(unknown_principals(state_of(*grants))) == [
        ("nobody", "MODIFY", "prod.gold"),
        ("nobody", "SELECT", "prod.gold.sales"),
    ]
    (found,) = bi_writes(state_of(("tableau", "MODIFY", GOLD)), principals=["tableau"])
    assert found.summary == "BI principal `tableau` can write: MODIFY on schema prod.gold"
