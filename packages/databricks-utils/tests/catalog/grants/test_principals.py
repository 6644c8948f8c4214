"""Users, service principals and groups of groups."""

import pytest

from databricks_utils.catalog.grants import (
    ACCOUNT_USERS,
    CyclicGroupsError,
    DuplicatePrincipalError,
    PrincipalDirectory,
    PrincipalKind,
    UnknownPrincipalError,
)

pytestmark = pytest.mark.unit


def test_a_member_of_a_group_in_a_group_is_in_both_by_the_shortest_way():
    directory = PrincipalDirectory.of(
        users=["Ana@example.com"],
        groups={"Team": ["ana@example.com"], "division": ["team"], "company": ["division", "Team"]},
    )
    assert dict(directory.paths("ANA@example.com")) == {
        "ana@example.com": ("Ana@example.com",),
        "team": ("Ana@example.com", "Team"),
        "division": ("Ana@example.com", "Team", "division"),
        "company": ("Ana@example.com", "Team", "company"),
        ACCOUNT_USERS: ("Ana@example.com", ACCOUNT_USERS),
    }
    assert directory.members("company") == {"ana@example.com"}


def test_everybody_is_an_account_user_also_without_a_group():
    directory = PrincipalDirectory.of(users=["ana"], service_principals=["1234-abcd"])
    assert directory.members(ACCOUNT_USERS) == {"ana", "1234-abcd"}
    assert set(directory.paths("1234-abcd")) == {"1234-abcd", ACCOUNT_USERS}
    assert directory.kinds["1234-abcd"] is PrincipalKind.SERVICE_PRINCIPAL


def test_a_group_of_groups_three_deep_is_no_cycle_and_neither_is_a_diamond():
    groups = {"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": ["ana"]}
    assert PrincipalDirectory.of(users=["ana"], groups=groups).members("a") == {"ana"}


@pytest.mark.parametrize(
    ("groups", "cycle"),
    [
        ({"a": ["a"]}, "`a` has member `a`"),
        ({"a": ["b"], "B": ["a"]}, "`a` has member `B` has member `a`"),
        (
            {"x": ["a"], "a": ["b"], "b": ["c"], "c": ["a"]},
            "`a` has member `b` has member `c` has member `a`",
        ),
    ],
)
def test_a_cycle_of_groups_is_refused_with_its_names(groups, cycle):
    with pytest.raises(CyclicGroupsError, match="a group is a member of itself") as refusal:
        PrincipalDirectory.of(groups=groups)
    assert cycle in refusal.value.summary
    assert refusal.value.fix.startswith("remove `a` from the members of")


def test_a_chain_of_a_thousand_groups_is_walked():
    groups = {f"g{number}": [f"g{number + 1}"] for number in range(1000)} | {"g1000": ["ana"]}
    assert len(PrincipalDirectory.of(users=["ana"], groups=groups).paths("ana")["g0"]) == 1002


def test_a_member_that_is_not_declared_is_refused_with_its_group():
    with pytest.raises(UnknownPrincipalError, match="no principal `anna`") as refusal:
        PrincipalDirectory.of(users=["ana"], groups={"Team": ["anna"]})
    assert refusal.value.location == "members of group `Team`"
    assert refusal.value.fix == "did you mean `ana`?"


def test_an_unknown_principal_is_refused():
    with pytest.raises(UnknownPrincipalError, match="no principal `bob`") as refusal:
        PrincipalDirectory.of(users=["ana"]).paths("bob")
    assert "`ana`" in refusal.value.fix


def test_one_name_for_a_user_and_a_group_is_refused():
    with pytest.raises(
        DuplicatePrincipalError, match="`Etl` is declared as a user and as a group"
    ) as refusal:
        PrincipalDirectory.of(users=["etl"], groups={"Etl": []})
    assert refusal.value.fix == "give one of them another name"
