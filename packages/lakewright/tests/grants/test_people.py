"""Names of the configuration and of the bundle become users, service principals and groups."""

import pytest

from databricks_utils.catalog.grants import CyclicGroupsError, DuplicatePrincipalError, PrincipalKind
from lakewright.grants.people import People, kind_of, people_of

pytestmark = pytest.mark.unit

ROBOT = "0f3b1c52-6d1e-4f0a-9b7d-2f6f5a1c9e84"
USER, SERVICE_PRINCIPAL, GROUP = PrincipalKind.USER, PrincipalKind.SERVICE_PRINCIPAL, PrincipalKind.GROUP


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ana@example.com", USER),
        (ROBOT, SERVICE_PRINCIPAL),
        ("${resources.apps.a.service_principal_client_id}", SERVICE_PRINCIPAL),
        ("data readers", GROUP),
        ("Account Users", GROUP),
    ],
)
def test_a_name_shows_its_kind(name, kind):
    assert kind_of(name) == kind


def test_what_is_known_of_a_name_comes_before_how_it_looks():
    people = People(
        roles={"ingestion": "loader", "readers": "readers"},
        memberships={"ben": ("Readers",), "readers": ("staff",)},
        kinds={"loader": SERVICE_PRINCIPAL},
    ).with_others(["grantee"])
    kinds = people.directory().kinds
    assert {name: kinds[name] for name in ("loader", "ben", "readers", "staff", "grantee")} == {
        "loader": SERVICE_PRINCIPAL,
        "ben": USER,
        "readers": GROUP,
        "staff": GROUP,
        "grantee": GROUP,
    }


def test_groups_nest_and_case_does_not_count():
    people = People(memberships={"ana@example.com": ("Readers",), "readers": ("Staff",), "STAFF": ("all",)})
    assert list(people.directory().paths("Ana@example.com")) == [
        "ana@example.com",
        "readers",
        "staff",
        "all",
        "account users",
    ]


def test_memberships_of_two_environments_are_put_together():
    both = People(memberships={"robot": ("a",)}).together_with(
        People(memberships={"robot": ("b",), "c": ("b",)})
    )
    assert both.memberships == {"c": ("b",), "robot": ("a", "b")}


@pytest.mark.parametrize(
    ("memberships", "error"),
    [({"a": ("b",), "b": ("a",)}, CyclicGroupsError), ({"ana": ("loader",)}, DuplicatePrincipalError)],
)
def test_impossible_groups_are_refused_and_without_memberships_there_is_a_directory(memberships, error):
    people = People(memberships=memberships, kinds={"loader": SERVICE_PRINCIPAL})
    with pytest.raises(error):
        people.directory()
    assert people.without_memberships().directory().kinds.keys() >= set(memberships)


def test_the_section_of_an_environment_is_read_with_the_defaults_and_other_sections_do_not_matter(tmp_path):
    config = tmp_path / "config"
    config.mkdir()
    (config / "defaults.yaml").write_text("principals: {bi: tableau, readers: null, users: {ana: a}}\n")
    (config / "dev.yaml").write_text("nonsense: 7\nprincipals:\n  users: {ben: [b, c]}\n")
    people = people_of(tmp_path, "dev")
    assert people.roles == {"bi": "tableau"}
    assert people.bi == ("tableau",)
    assert people.memberships == {"ana": ("a",), "ben": ("b", "c")}
    assert people.location
    assert people_of(tmp_path, "prod") == People()
    assert not people_of(tmp_path, "prod").are_declared
