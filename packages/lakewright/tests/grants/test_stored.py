"""The lakehouse's records become a state in one walk, also while they are written, and if one is damaged."""

import threading

import pytest
from lakehouse_records import record, write_lakehouse, write_record

from databricks_utils.catalog.grants import PrincipalKind, Securable
from lakewright.grants.errors import NoLakehouseError
from lakewright.grants.people import People
from lakewright.grants.stored import stored_in

pytestmark = pytest.mark.unit

USER, SERVICE_PRINCIPAL, GROUP = PrincipalKind.USER, PrincipalKind.SERVICE_PRINCIPAL, PrincipalKind.GROUP
SCHEMA = ("c", "odd name")


def read(root, **arguments):
    return stored_in(root / ".lakewright" / "lakehouse", **arguments)


def test_each_kind_of_object_is_read_with_owner_and_grants(tmp_path):
    write_lakehouse(tmp_path)
    state = read(tmp_path).state
    name = "c.`odd name`"
    assert {str(place): owner for place, owner in state.owners.items()} == {
        "catalog c": "root",
        f"schema {name}": "owners",
        f"table {name}.t": "root",
        f"view {name}.v": "ben",
        f"volume {name}.f": "root",
        f"function {name}.f": "root",
    }
    assert state.granted_on(Securable.parse("VOLUME", f"{name}.f")) == {"ana": frozenset({"READ_VOLUME"})}
    assert state.principals.shown["owners"] == "Owners"


def test_a_registered_model_is_read_with_owner_and_grants(tmp_path):
    write_lakehouse(tmp_path)
    write_record(tmp_path, SCHEMA, "m.model.json", record("model", ("ana", "EXECUTE")))
    state = read(tmp_path).state
    model = Securable.parse("MODEL", "c.`odd name`.m")
    assert state.owners[model] == "root"
    assert state.granted_on(model) == {"ana": frozenset({"EXECUTE"})}


def test_kinds_are_those_that_a_run_has_written_and_the_user_of_this_machine_is_a_user(tmp_path, monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: "root")
    write_lakehouse(tmp_path)
    kinds = read(tmp_path).state.principals.kinds
    assert (kinds["root"], kinds["ben"], kinds["owners"]) == (USER, GROUP, GROUP)
    file = tmp_path / ".lakewright" / "lakehouse" / "principals.json"
    file.write_text('{"users": ["ben"], "service_principals": ["robot"], "groups": {"owners": ["robot"]}}')
    kinds = read(tmp_path).state.principals.kinds
    assert (kinds["ben"], kinds["robot"], kinds["owners"]) == (USER, SERVICE_PRINCIPAL, GROUP)
    people = People(memberships={"ana": ("ben",)})
    assert read(tmp_path, people=people).state.principals.kinds["ben"] == GROUP
    for damaged in ("[]", "{", '{"users": 7}'):
        file.write_text(damaged)
        assert read(tmp_path).state.principals.kinds["ben"] == GROUP


def test_memberships_of_the_configuration_count(tmp_path):
    write_lakehouse(tmp_path)
    people = People(memberships={"cleo": ("Ana",)})
    assert "ana" in read(tmp_path, people=people).state.principals.paths("cleo")


@pytest.mark.parametrize(
    ("file", "text", "note"),
    [
        ("x.json", "{", "Expecting property name"),
        ("x.json", "[]", "not a record of format 1 or 2 or 3"),
        ("x.json", '{"format": 9, "kind": "view"}', "not a record of format 1 or 2 or 3"),
        ("x.policy.json", "{}", "objects of kind `policy` are not known"),
        ("x.json", record("managed-table", ("ana", "READ VOLUME")), "READ VOLUME does not fit a table"),
        ("x.json", '{"format": 1, "kind": "view", "grants": [7]}', "a grant without principal"),
    ],
)
def test_what_cannot_be_read_is_named_and_the_rest_is_there(tmp_path, file, text, note):
    write_lakehouse(tmp_path)
    write_record(tmp_path, SCHEMA, file, text)
    stored = read(tmp_path)
    assert [note in each for each in stored.notes] == [True]
    assert Securable.parse("VIEW", "c.`odd name`.v") in stored.state.owners


def test_unfinished_files_and_those_of_others_are_left_out(tmp_path):
    write_lakehouse(tmp_path)
    before = read(tmp_path)
    for name in (".0f3b.tmp", ".0f3b.dropped", "README.md", "UPPER.json"):
        write_record(tmp_path, SCHEMA, name, "{")
    assert read(tmp_path) == before


def test_a_container_without_a_file_exists_and_its_owner_is_not_known(tmp_path):
    write_record(tmp_path, ("c", "s"), "t.json", record("managed-table"))
    owners = read(tmp_path).state.owners
    assert owners[Securable.parse("SCHEMA", "c.s")] is None


def test_objects_that_come_and_go_while_the_folders_are_walked_do_no_harm(tmp_path):
    write_lakehouse(tmp_path)
    stop = threading.Event()

    def churn() -> None:
        while not stop.is_set():
            for number in range(20):
                write_record(tmp_path, SCHEMA, f".{number}.tmp", record("managed-table")).rename(
                    tmp_path / ".lakewright/lakehouse/_catalog/c/odd%20name" / f"n{number}.json"
                )
            for number in range(20):
                (tmp_path / ".lakewright/lakehouse/_catalog/c/odd%20name" / f"n{number}.json").unlink()

    writer = threading.Thread(target=churn)
    writer.start()
    try:
        for _ in range(50):
            stored = read(tmp_path)
            assert stored.notes == ()
            assert Securable.parse("VIEW", "c.`odd name`.v") in stored.state.owners
    finally:
        stop.set()
        writer.join()


def test_no_lakehouse_is_refused(tmp_path):
    with pytest.raises(NoLakehouseError, match="fix: make one: lakewright run"):
        read(tmp_path)
