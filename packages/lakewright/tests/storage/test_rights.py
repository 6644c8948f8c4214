"""READ VOLUME and WRITE VOLUME for Python code: each way to a file with no right, the right, it on a parent, and the other right."""

import json
import os
import pathlib
import pickle
import shutil
import sqlite3
import subprocess
import sys

import pytest

from databricks_utils.catalog.grants import Securable, SecurableKind
from lakewright.errors import LakewrightError
from lakewright.rights import NotGrantedError, rights_of_process
from lakewright.rights.acting import Rights
from lakewright.runner.inside.dbutils.filesystem import FileSystem
from lakewright.storage.fuse import mount
from lakewright.storage.fuse.workers import mount_in_worker, worker_variables

pytestmark = pytest.mark.unit

READ, WRITE = "READ VOLUME", "WRITE VOLUME"
V = "/Volumes/c/s/v"
BOB = {"LAKEWRIGHT_PRINCIPAL": "bob"}


def _opened(path, mode, content=None):
    def way(lake, tmp):
        with open(path.format(folder=lake.folder), mode) as stream:
            return stream.read() if content is None else stream.write(content)

    return way


def _pandas(call):
    def way(lake, tmp):
        import pandas

        call(pandas, lake, tmp)

    return way


def _descriptor(path, flags):
    return lambda lake, tmp: os.close(os.open(path, flags))


def _fs(call):
    return lambda lake, tmp: call(
        FileSystem(lake.storage, rights_of_process(lake.storage.lakehouse, BOB)), tmp
    )


def _local(tmp):
    (tmp / "own").write_text("own")
    return str(tmp / "own")


def _database(lake, tmp):
    sqlite3.connect(f"{V}/x.db").close()


WAYS = {
    "open": ({READ}, _opened(f"{V}/a.csv", "r")),
    "open by dbfs": ({READ}, _opened(f"/dbfs{V}/a.csv", "rb")),
    "open with dots": ({READ}, _opened(f"/tmp/../{V}/folder/../a.csv", "r")),
    "open with capitals": ({READ}, _opened("/Volumes/C/S/V/a.csv", "r")),
    "open the folder behind": ({READ}, _opened("{folder}/a.csv", "r")),
    "os.open": ({READ}, _descriptor(f"{V}/a.csv", os.O_RDONLY)),
    "pathlib": ({READ}, lambda lake, tmp: pathlib.Path(f"{V}/a.csv").read_text()),
    "listdir": ({READ}, lambda lake, tmp: os.listdir(V)),
    "scandir": ({READ}, lambda lake, tmp: list(os.scandir(V))),
    "iterdir": ({READ}, lambda lake, tmp: list(pathlib.Path(V).iterdir())),
    "copy out": ({READ}, lambda lake, tmp: shutil.copyfile(f"{V}/a.csv", tmp / "out")),
    "pandas": ({READ}, _pandas(lambda pandas, lake, tmp: pandas.read_csv(f"{V}/a.csv"))),
    "program": (
        {READ},
        lambda lake, tmp: subprocess.run(["cat", f"{V}/a.csv"], check=True, capture_output=True),
    ),
    "shell": (
        {READ},
        lambda lake, tmp: subprocess.run(f"cat {V}/a.csv", shell=True, check=True, capture_output=True),
    ),
    "fs.ls": ({READ}, _fs(lambda fs, tmp: fs.ls(V))),
    "fs.head": ({READ}, _fs(lambda fs, tmp: fs.head(f"dbfs:{V}/a.csv"))),
    "fs.cp out": ({READ}, _fs(lambda fs, tmp: fs.cp(f"{V}/a.csv", f"file:{tmp}/out2"))),
    "open to write": ({READ, WRITE}, _opened(f"{V}/new", "w", "x")),
    "open to make": ({READ, WRITE}, _opened(f"{V}/made", "x", "x")),
    "open to append": ({READ, WRITE}, _opened(f"{V}/new", "a", "x")),
    "write behind": ({READ, WRITE}, _opened("{folder}/new", "wb", b"x")),
    "os.open to write": ({READ, WRITE}, _descriptor(f"{V}/new2", os.O_WRONLY | os.O_CREAT)),
    "write_text": ({READ, WRITE}, lambda lake, tmp: pathlib.Path(f"{V}/new").write_text("x")),
    "mkdir": ({READ, WRITE}, lambda lake, tmp: os.mkdir(f"{V}/made")),
    "makedirs": ({READ, WRITE}, lambda lake, tmp: os.makedirs(f"{V}/made2/deep/er")),
    "remove": ({READ, WRITE}, lambda lake, tmp: os.remove(f"{V}/a.csv")),
    "unlink": ({READ, WRITE}, lambda lake, tmp: pathlib.Path(f"{V}/a.csv").unlink()),
    "rename within": ({READ, WRITE}, lambda lake, tmp: os.rename(f"{V}/a.csv", f"{V}/c.csv")),
    "copy in": ({READ, WRITE}, lambda lake, tmp: shutil.copyfile(_local(tmp), f"{V}/new")),
    "truncate": ({READ, WRITE}, lambda lake, tmp: os.truncate(f"{V}/a.csv", 0)),
    "pandas to csv": (
        {READ, WRITE},
        _pandas(lambda pandas, lake, tmp: pandas.DataFrame({"x": [1]}).to_csv(f"{V}/new")),
    ),
    "fs.put": ({READ, WRITE}, _fs(lambda fs, tmp: fs.put(f"{V}/new", "x", overwrite=True))),
    "fs.mkdirs": ({READ, WRITE}, _fs(lambda fs, tmp: fs.mkdirs(f"{V}/made/deep"))),
    "fs.rm": ({READ, WRITE}, _fs(lambda fs, tmp: fs.rm(f"{V}/a.csv"))),
    "fs.cp in": ({READ, WRITE}, _fs(lambda fs, tmp: fs.cp(f"file:{_local(tmp)}", f"{V}/new"))),
    "open to change": ({READ, WRITE}, _opened(f"{V}/a.csv", "r+", "x")),
    "rmtree": ({READ, WRITE}, lambda lake, tmp: shutil.rmtree(f"{V}/folder")),
    "move out": ({READ, WRITE}, lambda lake, tmp: os.rename(f"{V}/a.csv", tmp / "moved")),
    "chdir": ({READ, WRITE}, lambda lake, tmp: os.chdir(V)),
    "database": ({READ, WRITE}, _database),
    "changing program": (
        {READ, WRITE},
        lambda lake, tmp: subprocess.run(["cp", f"{V}/a.csv", f"{V}/new"], check=True),
    ),
    "redirected": (
        {READ, WRITE},
        lambda lake, tmp: subprocess.run(f"echo x > {V}/new", shell=True, check=True),
    ),
    "fs.mv": ({READ, WRITE}, _fs(lambda fs, tmp: fs.mv(f"{V}/a.csv", f"{V}/d.csv"))),
    "fs.rm of a folder": ({READ, WRITE}, _fs(lambda fs, tmp: fs.rm(f"{V}/folder", recurse=True))),
}
STATES = {
    "nothing": (),
    "read": ((READ, "v"),),
    "write": ((WRITE, "v"),),
    "both": ((READ, "v"), (WRITE, "v")),
    "read on the schema": ((READ, "s"),),
    "write on the schema": ((WRITE, "s"),),
    "read on the catalog, write on the schema": ((READ, "c"), (WRITE, "s")),
    "rights on another volume": ((READ, "w"), (WRITE, "w")),
    "other kinds of rights": (("SELECT", "s"), ("MODIFY", "s"), ("MANAGE", "v")),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", WAYS)
def test_every_way_to_a_file_asks_for_its_rights_and_no_others(mounted, tmp_path, monkeypatch, name, state):
    needed, way = WAYS[name]
    mounted.fill()
    before = mounted.names()
    mounted.hold(*STATES[state])
    held = {right for right, place in STATES[state] if place != "w"}
    monkeypatch.chdir(tmp_path)
    if needed <= held:
        way(mounted, tmp_path)
        return
    with pytest.raises(PermissionError) as refusal:
        way(mounted, tmp_path)
    fixes = [f"GRANT {right} ON VOLUME `c`.`s`.`v` TO `bob`" for right in needed - held]
    assert any(fix in str(refusal.value) for fix in fixes)
    assert mounted.names() == before


def test_a_refusal_is_of_the_system_and_ours(mounted):
    with pytest.raises(NotGrantedError) as refusal:
        open(f"{V}/a.csv")
    error = refusal.value
    assert (error.errno, error.filename) == (13, f"{V}/a.csv")
    assert error.summary == "[PERMISSION_DENIED] User bob does not have READ VOLUME on Volume 'c.s.v'."
    assert isinstance(error, PermissionError)
    assert pickle.loads(pickle.dumps(error)).fix == error.fix


def test_use_is_needed_on_the_way(mounted):
    mounted.fill()
    mounted.hold((READ, "v"))
    mounted.grants["s"] = []
    mounted.write()
    with pytest.raises(PermissionError, match=r"does not have USE SCHEMA on Schema 'c\.s'"):
        open(f"{V}/a.csv")


def test_a_right_of_a_group_and_of_the_owner_count_and_a_revoke_holds_at_once(mounted):
    mounted.fill()
    mounted.grants["v"] = [("readers", READ)]
    mounted.write()
    people = mounted.storage.lakehouse / "principals.json"
    groups = {"readers": ["staff"], "staff": ["BOB"]}
    people.write_text(json.dumps({"users": [], "service_principals": ["bob"], "groups": groups}))
    assert open(f"{V}/a.csv").read()
    mounted.hold()
    with pytest.raises(PermissionError):
        open(f"{V}/a.csv")
    record = mounted.root / "s/v.volume.json"
    record.write_text(record.read_text().replace('"ann"', '"Bob"'))
    assert open(f"{V}/a.csv").read()
    assert os.access(V, os.W_OK)


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"users": 7, "groups": [1], "service_principals": {}}', '{"groups": {"g": 7}}']
)
def test_a_damaged_list_of_principals_makes_nobody_a_member(mounted, text):
    mounted.fill()
    mounted.grants["v"] = [("readers", READ)]
    mounted.write()
    (mounted.storage.lakehouse / "principals.json").write_text(text)
    with pytest.raises(PermissionError):
        open(f"{V}/a.csv")
    mounted.hold((READ, "v"))
    assert open(f"{V}/a.csv").read()


def test_access_answers_and_does_not_raise(mounted):
    mounted.fill()
    assert not os.access(f"{V}/a.csv", os.R_OK)
    mounted.hold((READ, "v"))
    assert os.access(f"{V}/a.csv", os.R_OK)
    assert not os.access(f"{V}/a.csv", os.W_OK)


def test_what_a_file_is_may_be_known_by_either_right(mounted):
    mounted.fill()
    with pytest.raises(PermissionError):
        os.stat(f"{V}/a.csv")
    assert not os.path.exists(f"{V}/a.csv")
    for right in (READ, WRITE):
        mounted.hold((right, "v"))
        assert os.stat(f"{V}/a.csv").st_size == 4


def _shown(lake, path):
    fs = FileSystem(lake.storage, rights_of_process(lake.storage.lakehouse, BOB))
    listed = os.listdir(path)
    assert [entry.name for entry in os.scandir(path)] == listed
    assert [entry.name.rstrip("/") for entry in fs.ls(path)] == listed
    return listed


@pytest.mark.parametrize(
    ("held", "names"),
    [
        ((), []),
        (((READ, "v"),), ["v"]),
        (((WRITE, "w"),), ["w"]),
        ((("BROWSE", "c"),), ["v", "w"]),
        ((("MANAGE", "v"),), ["v"]),
        ((("ALL PRIVILEGES", "s"),), ["v", "w"]),
        ((("SELECT", "s"),), []),
    ],
)
def test_volumes_are_listed_to_who_has_a_right_on_them(mounted, held, names):
    mounted.hold(*held)
    assert _shown(mounted, "/Volumes/c/s") == names
    assert _shown(mounted, "/Volumes/c") == ["s"]
    assert _shown(mounted, "/Volumes") == ["c"]


def test_catalogs_and_schemas_are_listed_to_who_has_a_right_on_them(mounted):
    mounted.grants = {"c": [], "s": [], "v": [("bob", READ)], "w": []}
    mounted.write()
    assert _shown(mounted, "/Volumes") == _shown(mounted, "/Volumes/c") == []


def test_an_owner_knows_of_a_volume(mounted):
    mounted.hold()
    record = mounted.root / "s/w.volume.json"
    record.write_text(record.read_text().replace('"ann"', '"bob"'))
    assert _shown(mounted, "/Volumes/c/s") == ["w"]


def test_all_volumes_are_listed_to_who_is_not_held(lake):
    unmount = mount(lake.storage)
    try:
        assert os.listdir("/Volumes/c/s") == ["v", "w"]
    finally:
        unmount()


@pytest.mark.parametrize(
    ("people", "problem"),
    [
        ({"groups": {"a": ["b"], "b": ["a"]}}, "member of itself"),
        ({"groups": {"a": []}, "service_principals": ["a"]}, "a"),
    ],
)
def test_groups_that_contradict_themselves_are_an_error_before_anything_is_refused(lake, people, problem):
    (lake.storage.lakehouse / "principals.json").write_text(json.dumps(people))
    with pytest.raises(LakewrightError, match=problem) as found:
        rights_of_process(lake.storage.lakehouse, BOB)
    assert "principals.json" in str(found.value.location)
    assert "config/local.yaml" in found.value.fix


def test_a_decision_is_kept_until_a_record_changes(mounted, monkeypatch):
    rights = rights_of_process(mounted.storage.lakehouse, BOB)
    mounted.hold((READ, "v"))
    volume = Securable(SecurableKind.VOLUME, ("c", "s", "v"))
    first = rights.decide("READ_VOLUME", volume)
    assert rights.decide("READ_VOLUME", volume) is first
    mounted.hold()
    assert not rights.decide("READ_VOLUME", volume).allowed


def test_a_removal_asks_for_each_right_once(mounted, monkeypatch):
    mounted.fill()
    mounted.hold((READ, "v"), (WRITE, "v"))
    asked = []
    require = Rights.require_on_volume
    monkeypatch.setattr(
        Rights,
        "require_on_volume",
        lambda self, *privileges, **more: asked.append(privileges) or require(self, *privileges, **more),
    )
    os.remove(f"{V}/a.csv")
    assert sorted(asked) == [("READ_VOLUME",), ("WRITE_VOLUME",)]


def test_other_folders_ask_for_nothing(mounted, tmp_path):
    mounted.hold()
    (tmp_path / "free").write_text("x")
    assert (tmp_path / "free").read_text() == "x"
    assert FileSystem(mounted.storage, rights_of_process(mounted.storage.lakehouse, BOB)).mkdirs(
        "dbfs:/tmp/x"
    )


def test_a_record_that_cannot_be_read_gives_nothing(mounted):
    mounted.fill()
    mounted.hold((READ, "s"), (READ, "v"))
    assert open(f"{V}/a.csv").read()
    (mounted.root / "s/_schema.json").write_text("{")
    with pytest.raises(PermissionError):
        open(f"{V}/a.csv")


@pytest.mark.parametrize(
    "environ",
    [{}, {"LAKEWRIGHT_PRINCIPAL": "bob", "LAKEWRIGHT_GRANTS": "ignored"}],
)
def test_nobody_is_held_without_a_principal_or_where_grants_are_ignored(lake, environ):
    assert rights_of_process(lake.storage.lakehouse, environ) is None


def test_whose_machine_it_is_is_not_held(lake):
    import getpass

    assert rights_of_process(lake.storage.lakehouse, {"LAKEWRIGHT_PRINCIPAL": getpass.getuser()}) is None


def test_arrow_asks_to_read_where_it_reads_and_to_write_where_it_writes(mounted):
    parquet = pytest.importorskip("pyarrow.parquet")
    import pyarrow

    mounted.fill()
    table = pyarrow.table({"x": [1]})
    mounted.hold((READ, "v"))
    with pytest.raises(PermissionError, match=WRITE):
        parquet.write_table(table, f"{V}/t.parquet")
    mounted.hold((READ, "v"), (WRITE, "v"))
    parquet.write_table(table, f"{V}/t.parquet")
    mounted.hold((WRITE, "v"))
    with pytest.raises(PermissionError, match=READ):
        parquet.read_table(f"{V}/t.parquet")
    mounted.hold((READ, "v"))
    assert parquet.read_table(f"{V}/t.parquet") == table


def test_code_of_a_volume_is_imported_by_who_may_read_it(mounted, monkeypatch):
    mounted.fill()
    mounted.hold((READ, "v"), (WRITE, "v"))
    (mounted.folder / "code_of_a_volume.py").write_text("x = 1")
    mounted.hold()
    monkeypatch.setattr(sys, "path", [V, *sys.path])
    sys.path_importer_cache.pop(V, None)
    with pytest.raises(ImportError):
        import code_of_a_volume
    mounted.hold((READ, "v"))
    sys.path_importer_cache.pop(V, None)
    import code_of_a_volume

    assert code_of_a_volume.x == 1


@pytest.mark.ours(
    where=("connect", "classic"),
    area="Files",
    what="rights on the files of a volume in the Python workers of UDFs",
    fails="DID NOT RAISE",
    instead="the file is read, whoever calls the UDF",
    workspace="refused",
    reason="workers serve all sessions of the engine; each call could name its principal. The rights of a task's own process are asked",
    link="https://docs.databricks.com/aws/en/volumes/privileges",
)
def test_a_udf_reads_files_with_the_rights_of_its_caller(lake, monkeypatch):
    lake._fill()
    for name, value in {**worker_variables(lake.storage), **BOB}.items():
        monkeypatch.setenv(name, value)
    mount_in_worker()
    try:
        with pytest.raises(PermissionError):
            open(f"{V}/a.csv")
    finally:
        mount(lake.storage)()
