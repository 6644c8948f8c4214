"""The table of privileges: complete, sourced, and spelled as bundles and SQL spell it."""

import pytest

from databricks_utils.catalog.grants import (
    PrivilegeDoesNotFitError,
    SecurableKind,
    UnknownPrivilegeError,
    known_privileges,
    named,
)
from databricks_utils.catalog.grants.privileges import Usage, created_with, grantable, table

pytestmark = pytest.mark.unit

NOT_IN_THE_SDK = {"CREATE_EXTERNAL_METADATA", "CREATE_MODEL_VERSION"}


def test_the_table_names_every_privilege_of_the_sdk_and_only_two_that_it_lacks():
    catalog = pytest.importorskip("databricks.sdk.service.catalog")
    sdk = {privilege.value for privilege in catalog.Privilege}
    assert sdk - known_privileges().keys() == set()
    assert known_privileges().keys() - sdk == NOT_IN_THE_SDK
    assert all("the SDK's enumeration does not" in named(name).unverified for name in NOT_IN_THE_SDK)


def test_the_kinds_of_the_table_are_those_of_the_code():
    rows = table()["kinds"]
    assert [row["kind"] for row in rows] == [kind.value for kind in SecurableKind]
    for row in rows:
        kind = SecurableKind(row["kind"])
        assert row["sql"] == kind.sql
        assert row["inside"] == [holder.value for holder in kind.containers]


def test_every_key_of_a_privilege_is_explained_and_its_source_is_an_address():
    explained = {"name", "gives", "source", *table()["about"]}
    for row in table()["privileges"]:
        assert set(row) == explained
        assert row["source"].startswith("https://")
        assert row["gives"].endswith(".")
        assert row["unverified"] is None or row["unverified"].endswith(".")


def test_a_privilege_without_a_place_says_where_it_belongs_or_that_this_is_unknown():
    for privilege in known_privileges().values():
        assert privilege.on or privilege.elsewhere or privilege.unverified


def test_what_a_privilege_is_used_on_can_be_granted_there_or_on_what_holds_it():
    for privilege in known_privileges().values():
        for kind in privilege.used_on:
            assert privilege.on & {kind, *kind.containers}


def test_all_privileges_leaves_out_manage_and_external_use():
    """Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/privileges-reference#all-privileges"""
    on_objects = {name for name, each in known_privileges().items() if each.on & named("ALL_PRIVILEGES").on}
    left_out = {name for name in on_objects if not named(name).in_all_privileges}
    assert left_out == {"ALL_PRIVILEGES", "MANAGE", "EXTERNAL_USE_SCHEMA"}
    assert not named("EXTERNAL_USE_LOCATION").in_all_privileges


def test_what_creates_an_object_is_used_on_what_holds_it():
    assert set(created_with()) == set(SecurableKind) - {SecurableKind.METASTORE}
    for kind, name in created_with().items():
        assert kind.containers[-1] in named(name).used_on


def test_what_is_granted_on_the_metastore_means_nothing_elsewhere():
    """Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/permissions-concepts#inheritance"""
    for privilege in known_privileges().values():
        if SecurableKind.METASTORE in privilege.on:
            assert privilege.on == privilege.used_on == {SecurableKind.METASTORE}


def test_all_but_browse_manage_and_those_of_the_metastore_need_use_on_the_way():
    other = {name for name, each in known_privileges().items() if each.use is not Usage.CONTAINERS}
    on_metastore = {name for name, each in known_privileges().items() if SecurableKind.METASTORE in each.on}
    assert other == {"BROWSE", "MANAGE", *on_metastore}


@pytest.mark.parametrize("spelling", ["USE_SCHEMA", "USE SCHEMA", "use schema", " Use  Schema "])
def test_both_spellings_name_the_same_privilege(spelling):
    assert named(spelling).name == "USE_SCHEMA"
    assert named(spelling).sql == "USE SCHEMA"


def test_an_unknown_privilege_is_refused_with_the_nearest_one():
    with pytest.raises(UnknownPrivilegeError, match="no privilege `SELCT`") as refusal:
        named("SELCT")
    assert refusal.value.fix == "did you mean `SELECT`?"


@pytest.mark.parametrize(
    ("name", "kind", "fix"),
    [
        (
            "SELECT",
            SecurableKind.VOLUME,
            "SELECT fits: CATALOG, SCHEMA, TABLE, VIEW, MATERIALIZED VIEW, SHARE\nwhat fits a volume: `ALL",
        ),
        (
            "READ_FILES",
            SecurableKind.VOLUME,
            "READ FILES fits: EXTERNAL LOCATION\nwhat fits a volume: `ALL PRIVILEGES`",
        ),
        ("USAGE", SecurableKind.SCHEMA, "what fits a schema: `ALL PRIVILEGES`, `APPLY TAG`"),
        ("MODIFY", SecurableKind.VIEW, "`SELECT`"),
        ("CREATE_TABLE", SecurableKind.TABLE, "CREATE TABLE fits: CATALOG, SCHEMA\n"),
        ("MANAGE", SecurableKind.METASTORE, "`CREATE CATALOG`"),
        ("APPLY_TAG", SecurableKind.FUNCTION, "`EXECUTE`"),
    ],
)
def test_a_privilege_that_does_not_fit_is_refused_with_what_fits(name, kind, fix):
    with pytest.raises(PrivilegeDoesNotFitError, match=f"does not fit a {kind.words}") as refusal:
        grantable(name, kind)
    assert fix in refusal.value.fix
    assert refusal.value.docs == named(name).source
