"""Ways around the rights on files of volumes: the folders behind and above volumes, links, and other spellings of a path."""

import errno
import io
import os
import pathlib
import shutil
import sqlite3

import pytest

from lakewright.rights import rights_of_process
from lakewright.runner.inside.dbutils.filesystem import FileSystem
from lakewright.storage import Storage
from lakewright.storage.fuse import mount

pytestmark = pytest.mark.unit

READ, WRITE = "READ VOLUME", "WRITE VOLUME"
V = "/Volumes/c/s/v"
BOB = {"LAKEWRIGHT_PRINCIPAL": "bob"}
EVERYTHING = tuple((right, place) for right in (READ, WRITE) for place in ("v", "w"))


def _fs(lake):
    return FileSystem(lake.storage, rights_of_process(lake.storage.lakehouse, BOB))


REMOVALS = {
    "rmtree": lambda lake, folder, tmp: shutil.rmtree(folder),
    "rename": lambda lake, folder, tmp: os.rename(folder, tmp / "moved"),
    "replace": lambda lake, folder, tmp: pathlib.Path(folder).replace(tmp / "moved"),
    "move": lambda lake, folder, tmp: shutil.move(folder, tmp / "moved"),
    "fs.rm": lambda lake, folder, tmp: _fs(lake).rm(f"file:{folder}", True),
    "fs.rm without scheme": lambda lake, folder, tmp: _fs(lake).rm(str(folder), True),
    "fs.mv": lambda lake, folder, tmp: _fs(lake).mv(f"file:{folder}", f"file:{tmp}/moved", True),
}


@pytest.mark.parametrize("held", [(), EVERYTHING], ids=["nothing", "everything"])
@pytest.mark.parametrize("below", ["../..", "..", "", "volumes", "volumes/c", "volumes/c/s", "volumes/c/s/v"])
@pytest.mark.parametrize("name", REMOVALS)
def test_a_folder_that_holds_volumes_is_not_removed_and_not_moved(
    mounted, tmp_path_factory, name, below, held
):
    mounted.fill()
    mounted.hold(*held)
    folder = os.path.normpath(mounted.storage.lakehouse / below)
    with pytest.raises(OSError, match=r"holds the files of volumes|is a root|PERMISSION_DENIED"):
        REMOVALS[name](mounted, folder, tmp_path_factory.mktemp("else"))
    assert mounted.names() == ["a.csv", "folder"]


def test_a_folder_is_not_moved_over_those_of_volumes(mounted, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(OSError, match="holds the files of volumes"):
        os.rename(tmp_path / "empty", mounted.storage.lakehouse / "volumes/c")


def test_whose_machine_it_is_removes_folders_of_volumes(lake):
    unmount = mount(lake.storage)
    try:
        shutil.rmtree(lake.storage.lakehouse / "volumes/c")
    finally:
        unmount()
    assert not lake.folder.exists()


def test_other_folders_of_the_project_are_removed(mounted):
    for folder in ("src", ".lakewright/lakehouse/dbfs/x", ".lakewright/lakehouse/volumes-of-another"):
        (mounted.storage.project / folder / "deep").mkdir(parents=True)
        shutil.rmtree(mounted.storage.project / folder)


def _spellings(lake):
    project, inner = lake.storage.project, ".lakewright/lakehouse/volumes/c/s/v/a.csv"
    return [
        f"{project}/./{inner}",
        f"{project}/src/../{inner}",
        f"{project}//{inner}",
        f"//{project}/{inner}",
        f"{project}/{inner}".replace("lakehouse/", "lakehouse///"),
        f"{project}/{inner}".encode(),
        inner,
        f"./{inner}",
        f"/./{V}/a.csv",
    ]


class Text(str):
    """A string that is not of the class `str`, as those of numpy."""

    def __str__(self):
        return "elsewhere"


@pytest.mark.parametrize("at", range(9))
def test_every_spelling_of_the_folder_behind_is_held(mounted, monkeypatch, at):
    mounted.fill()
    monkeypatch.chdir(mounted.storage.project)
    path = _spellings(mounted)[at]
    mounted.hold()
    with pytest.raises(PermissionError, match=READ):
        open(path)
    with pytest.raises(PermissionError, match=READ):
        io.FileIO(path)
    mounted.hold((READ, "v"))
    with open(path) as stream, io.FileIO(path) as raw:
        assert stream.read() == "x\n1\n" == raw.read().decode()
    with pytest.raises(PermissionError, match=WRITE):
        open(path, "a")


def test_relative_paths_below_a_folder_above_are_held(mounted, monkeypatch):
    mounted.fill()
    mounted.hold()
    monkeypatch.chdir(mounted.storage.lakehouse / "volumes/c/s")
    for call in (open, os.stat, os.remove, io.FileIO):
        with pytest.raises(PermissionError):
            call("v/a.csv")
    with pytest.raises(PermissionError):
        os.listdir("v")


def test_the_project_by_a_link_and_without_it_are_one(lake, tmp_path_factory):
    lake._fill()
    link = tmp_path_factory.mktemp("links") / "project"
    link.symlink_to(lake.storage.project)
    unmount = mount(Storage(link), rights_of_process(link / ".lakewright/lakehouse", BOB))
    try:
        for project in (link, lake.storage.project):
            with pytest.raises(PermissionError):
                open(project / ".lakewright/lakehouse/volumes/c/s/v/a.csv")
    finally:
        unmount()


def test_paths_that_look_like_the_folder_behind_are_free(mounted, monkeypatch):
    free = mounted.storage.lakehouse / "volumes2/c/s/v"
    free.mkdir(parents=True)
    (free / "x").write_text("x")
    monkeypatch.chdir(free)
    assert open("x").read() == "x"
    assert io.FileIO("x").read() == b"x"
    assert isinstance(open("x", "rb", buffering=0), io.FileIO)


def test_entries_of_a_relative_folder_keep_its_spelling(mounted, monkeypatch):
    mounted.fill()
    mounted.hold((READ, "v"), (WRITE, "v"))
    monkeypatch.chdir(mounted.folder)
    assert sorted(entry.path for entry in os.scandir(".")) == ["./a.csv", "./folder"]
    mounted.hold()
    with pytest.raises(PermissionError):
        open("a.csv")


@pytest.mark.parametrize("kind", [Text, "numpy"])
def test_a_string_of_another_class_is_a_path_of_the_mounts(mounted, kind):
    if kind == "numpy":
        kind = pytest.importorskip("numpy").str_
    mounted.fill()
    mounted.hold()
    with pytest.raises(PermissionError):
        open(kind(f"{V}/a.csv"))
    with pytest.raises(PermissionError):
        open(kind(mounted.folder / "a.csv"))
    mounted.hold((READ, "v"))
    assert open(kind(f"{V}/a.csv")).read() == "x\n1\n"


def test_a_hard_link_does_not_lead_out_of_a_volume(mounted, tmp_path):
    mounted.fill()
    mounted.hold(*EVERYTHING)
    for path in (f"{V}/a.csv", mounted.folder / "a.csv"):
        with pytest.raises(OSError, match=os.strerror(errno.EXDEV)):
            os.link(path, tmp_path / "h")
        mounted.hold()
        with pytest.raises(PermissionError):
            os.link(path, tmp_path / "h")
        mounted.hold(*EVERYTHING)
    assert not (tmp_path / "h").exists()


def test_a_link_by_name_takes_both_rights(mounted, tmp_path):
    mounted.fill()
    relative = os.path.relpath(mounted.folder, tmp_path)
    targets = (V, mounted.folder, f"{V}/a.csv", relative, mounted.storage.lakehouse, mounted.storage.project)
    for at, target in enumerate(targets):
        for held in ((), ((READ, "v"), (READ, "w")), ((WRITE, "v"), (WRITE, "w"))):
            mounted.hold(*held)
            with pytest.raises(PermissionError):
                os.symlink(target, tmp_path / f"link{at}")
        mounted.hold(*EVERYTHING)
        os.symlink(target, tmp_path / f"link{at}")
    (tmp_path / "own").write_text("own")
    mounted.hold()
    os.symlink("own", tmp_path / "to-own")
    os.link(tmp_path / "own", tmp_path / "to-own-too")


def test_a_copy_of_a_folder_above_takes_the_right_to_read_all_volumes(mounted, tmp_path):
    mounted.fill()
    source, target = f"file:{mounted.storage.lakehouse}/volumes/c", f"file:{tmp_path}/copy"
    mounted.hold((READ, "v"))
    with pytest.raises(PermissionError, match=r"READ VOLUME on Volume 'c\.s\.w'"):
        _fs(mounted).cp(source, target, True)
    mounted.hold((READ, "v"), (READ, "w"))
    assert _fs(mounted).cp(source, target, True)
    assert (tmp_path / "copy/s/v/a.csv").is_file()


def _database(lake):
    with sqlite3.connect(lake.folder / "x.db") as made:
        made.execute("CREATE TABLE t AS SELECT 1 AS x")
    made.close()


def test_a_database_that_is_only_read_takes_the_right_to_read(mounted):
    mounted.hold((READ, "v"), (WRITE, "v"))
    _database(mounted)
    for path in (f"file:{V}/x.db", f"file://{V}/x.db", f"file:{mounted.folder}/x.db", f"file:{V}/%78.db"):
        mounted.hold((READ, "v"))
        for query in ("?mode=ro", "?cache=private&mode=ro", "?immutable=1"):
            found = sqlite3.connect(path + query, uri=True)
            assert found.execute("SELECT x FROM t").fetchall() == [(1,)]
            found.close()
        for query in ("", "?mode=rw", "?mode=rwc", "?mode=ro&mode=rw", "?x=mode=ro"):
            with pytest.raises(PermissionError, match=WRITE):
                sqlite3.connect(path + query, uri=True)
        mounted.hold((WRITE, "v"))
        with pytest.raises(PermissionError, match=READ):
            sqlite3.connect(path + "?mode=ro", uri=True)


def test_a_database_of_a_volume_is_made_by_a_uri_with_both_rights(mounted):
    mounted.hold(*EVERYTHING)
    sqlite3.connect(f"file:{V}/new.db?mode=rwc", uri=True).execute(
        "CREATE TABLE t (x INT)"
    ).connection.close()
    assert (mounted.folder / "new.db").is_file()
    mounted.hold()
    with pytest.raises(PermissionError):
        sqlite3.connect(f"file:{mounted.folder}/other.db", uri=True)


def test_a_database_in_memory_is_no_file_of_the_current_folder(mounted, monkeypatch):
    mounted.hold(*EVERYTHING)
    monkeypatch.chdir(mounted.folder)
    sqlite3.connect(":memory:").close()
    sqlite3.connect("file::memory:", uri=True).close()
    sqlite3.connect("").close()
    assert os.listdir(".") == []


def test_arrow_is_held_by_addresses_and_relative_paths_too(mounted, monkeypatch):
    parquet = pytest.importorskip("pyarrow.parquet")
    import pyarrow

    mounted.hold(*EVERYTHING)
    table = pyarrow.table({"x": [1]})
    parquet.write_table(table, f"{V}/t.parquet")
    monkeypatch.chdir(mounted.storage.project)
    relative = ".lakewright/lakehouse/volumes/c/s/v/t.parquet"
    for path in (f"file://{V}/t.parquet", f"file://{mounted.folder}/t.parquet", relative):
        mounted.hold((WRITE, "v"))
        with pytest.raises(PermissionError, match=READ):
            parquet.read_table(path)
        mounted.hold((READ, "v"))
        assert parquet.read_table(path) == table
        with pytest.raises(PermissionError, match=WRITE):
            parquet.write_table(table, path)
