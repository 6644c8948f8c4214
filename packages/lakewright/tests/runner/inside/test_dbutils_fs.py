"""`dbutils.fs` never touches the machine but by `file:/`, and returns what Databricks returns."""

import json
import re
from pathlib import Path

import pytest

from lakewright.errors import LakewrightError
from lakewright.runner.inside.dbutils.file_info import FileInfo, MountInfo
from lakewright.runner.inside.dbutils.filesystem import FileSystem, PathExistsError, PathNotFoundError
from lakewright.runner.inside.dbutils.mounts import MountError
from lakewright.storage import Storage

pytestmark = pytest.mark.unit


@pytest.fixture
def storage(tmp_path):
    """A project with the volume `c.s.v`."""
    schema = tmp_path / ".lakewright/lakehouse/_catalog/c/s"
    schema.mkdir(parents=True)
    (schema / "v.volume.json").write_text(json.dumps({"kind": "volume", "location": "volumes/c/s/v"}))
    (tmp_path / ".lakewright/lakehouse/volumes/c/s/v").mkdir(parents=True)
    return Storage(tmp_path)


@pytest.fixture
def fs(storage):
    return FileSystem(storage)


def names(entries):
    return [entry.name for entry in entries]


def test_a_path_without_a_scheme_is_one_of_dbfs_and_not_of_this_machine(fs, storage, tmp_path_factory):
    machine = tmp_path_factory.mktemp("mnt") / "raw"
    machine.mkdir()
    (machine / "precious").write_text("x")
    assert fs.rm(str(machine), True) is False
    fs.put(str(machine / "precious"), "y", True)
    fs.mkdirs(str(machine / "deeper"))
    fs.mv(str(machine / "precious"), "/tmp/moved")
    assert fs.rm(str(machine), True) is True
    assert [item.name for item in machine.iterdir()] == ["precious"]
    assert (machine / "precious").read_text() == "x"
    assert (storage.dbfs / "tmp/moved").read_text() == "y"


@pytest.mark.parametrize("path", ["file:/etc", "file:/", "file:/home/other", "s3://bucket/x", "relative"])
def test_no_method_touches_what_has_no_place(fs, path):
    calls = [
        lambda: fs.ls(path),
        lambda: fs.rm(path, True),
        lambda: fs.put(path, "x", True),
        lambda: fs.mkdirs(path),
        lambda: fs.head(path),
        lambda: fs.cp(path, "/tmp/x", True),
        lambda: fs.cp("/", path, True),
        lambda: fs.mv(path, "/tmp/x", True),
    ]
    for call in calls:
        with pytest.raises(LakewrightError):
            call()


def test_file_paths_reach_the_project_and_the_temporary_folder(fs, storage, tmp_path_factory):
    fs.put(f"file:{storage.project}/data/a.txt", "abc")
    assert (storage.project / "data/a.txt").read_text() == "abc"
    aside = tmp_path_factory.mktemp("aside")
    fs.cp(f"file:{storage.project}/data/a.txt", f"file:{aside}/b.txt")
    assert fs.ls(f"file:{aside}")[0].path == f"file:{aside}/b.txt"


@pytest.mark.parametrize("path", ["/", "dbfs:/", "/Volumes/c/s/v", "file:/tmp"])
def test_a_root_is_not_removed_or_moved(fs, path):
    with pytest.raises(PathExistsError, match="does not remove"):
        fs.rm(path, True)
    with pytest.raises(PathExistsError, match="does not remove"):
        fs.mv(path, "/elsewhere", True)


@pytest.mark.parametrize("path", ["/Volumes", "/Volumes/c", "/Volumes/c/s"])
def test_volumes_schemas_and_catalogs_are_not_changed_as_folders(fs, path):
    for call in (lambda: fs.rm(path, True), lambda: fs.mkdirs(path), lambda: fs.put(path, "x")):
        with pytest.raises(PermissionError, match="not changed as folders"):
            call()


def test_a_volume_that_does_not_exist_is_refused_and_nothing_is_written(fs, storage):
    with pytest.raises(FileNotFoundError, match="FileNotFoundException") as error:
        fs.put("/Volumes/c/s/nope/a.txt", "x")
    assert error.value.fix == "CREATE VOLUME `c`.`s`.`nope`"
    assert not (storage.lakehouse / "volumes/c/s/nope").exists()


def test_ls_gives_the_entries_that_databricks_gives(fs, capsys):
    fs.put("/Volumes/c/s/v/b.txt", "abc")
    fs.mkdirs("/Volumes/c/s/v/a")
    folder, file = fs.ls("/Volumes/c/s/v")
    assert isinstance(folder, tuple)
    assert (folder.path, folder.name, folder.size) == ("dbfs:/Volumes/c/s/v/a/", "a/", 0)
    assert (file.path, file.name, file.size) == ("dbfs:/Volumes/c/s/v/b.txt", "b.txt", 3)
    assert (folder.isDir(), folder.isFile(), file.isDir(), file.isFile()) == (True, False, False, True)
    assert file.modificationTime > 1_500_000_000_000
    assert fs.ls("dbfs:/Volumes/c/s/v/b.txt") == [file]
    assert FileInfo._fields == ("path", "name", "size", "modificationTime")
    assert capsys.readouterr().out == "Wrote 3 bytes.\n"


def test_ls_walks_down_to_a_volume(fs):
    assert "Volumes/" in names(fs.ls("/"))
    assert [entry.path for entry in fs.ls("/Volumes")] == ["dbfs:/Volumes/c/"]
    assert names(fs.ls("/Volumes/c/s")) == ["v/"]


def test_a_missing_path_is_named_as_java_names_it(fs):
    for call in (fs.ls, fs.head, lambda path: fs.cp(path, "/x")):
        with pytest.raises(PathNotFoundError, match="FileNotFoundException") as error:
            call("/mnt/gone")
        assert isinstance(error.value, FileNotFoundError)


def test_a_missing_path_that_the_machine_has_says_how_to_reach_it(fs):
    with pytest.raises(PathNotFoundError) as error:
        fs.ls("/etc/passwd")
    assert "`file:/etc/passwd`" in (error.value.fix or "")


def test_rm_of_nothing_is_false_and_of_a_full_folder_needs_recurse(fs):
    assert fs.rm("/mnt/gone") is False
    fs.put("/mnt/a/b.txt", "x")
    with pytest.raises(PathExistsError, match="is a folder"):
        fs.rm("/mnt/a")
    assert fs.rm("/mnt/a", True) is True
    fs.mkdirs("/mnt/empty")
    assert fs.rm("/mnt/empty") is True


def test_rm_removes_a_link_and_not_what_it_names(fs, storage, tmp_path_factory):
    precious = tmp_path_factory.mktemp("precious")
    (precious / "a").write_text("x")
    fs.mkdirs("/mnt")
    (storage.dbfs / "mnt/link").symlink_to(precious)
    assert fs.rm("/mnt/link", True) is True
    assert (precious / "a").is_file()


def test_put_refuses_an_existing_file_unless_told_to_overwrite(fs):
    fs.put("/mnt/a.txt", "1")
    with pytest.raises(FileExistsError, match="exists already"):
        fs.put("/mnt/a.txt", "2")
    assert fs.put("/mnt/a.txt", "2", overwrite=True) is True
    assert fs.head("/mnt/a.txt") == "2"


def test_head_says_when_there_is_more(fs, capsys):
    fs.put("/mnt/a.txt", "abcdef")
    assert fs.head("/mnt/a.txt", 3) == "abc"
    assert "[Truncated to first 3 bytes]" in capsys.readouterr().out


def test_cp_and_mv_of_folders_take_their_content(fs):
    fs.put("/mnt/a/x/1.txt", "1")
    with pytest.raises(PathExistsError, match="is a folder"):
        fs.cp("/mnt/a", "/mnt/b")
    assert fs.cp("/mnt/a", "/Volumes/c/s/v/b", recurse=True) is True
    assert fs.head("/Volumes/c/s/v/b/x/1.txt") == "1"
    assert fs.mv("/mnt/a", "/mnt/b", recurse=True) is True
    assert fs.head("dbfs:/mnt/b/x/1.txt") == "1"
    with pytest.raises(PathNotFoundError):
        fs.ls("/mnt/a")


def test_cp_of_a_file_into_a_folder_keeps_its_name(fs):
    fs.put("/mnt/1.txt", "1")
    fs.mkdirs("/mnt/d")
    fs.cp("/mnt/1.txt", "/mnt/d")
    assert names(fs.ls("/mnt/d")) == ["1.txt"]


@pytest.mark.parametrize(
    ("source", "target"), [("/mnt", "/mnt/a/b"), ("/mnt/1.txt", "/mnt/1.txt"), ("/mnt", "/mnt")]
)
def test_a_move_into_itself_loses_nothing(fs, source, target):
    fs.put("/mnt/1.txt", "1")
    with pytest.raises(PathExistsError, match="itself or lies inside"):
        fs.mv(source, target, True)
    assert fs.head("/mnt/1.txt") == "1"


@pytest.mark.never(
    where=("connect", "classic"),
    area="Notebooks and dbutils",
    what="the stores behind `dbutils.fs.mount`",
    instead="the mount is recorded, and its mount point is a folder of the local DBFS for a person to fill",
    reason="a local run reaches no store in the cloud",
    link="https://docs.databricks.com/aws/en/dbfs/mounts",
)
def test_mounts_are_recorded_and_their_folder_is_one_of_dbfs(fs, storage, capsys):
    assert fs.mount("abfss://raw@acme.dfs.core.windows.net/", "/mnt/raw", extra_configs={"k": "v"}) is True
    assert str(storage.dbfs / "mnt/raw") in capsys.readouterr().out
    assert fs.mounts() == [MountInfo("/mnt/raw", "abfss://raw@acme.dfs.core.windows.net/", "")]
    assert fs.mounts()[0].mountPoint == "/mnt/raw"
    with pytest.raises(MountError, match="Directory already mounted: /mnt/raw"):
        fs.mount("s3a://other", "/mnt/raw")
    assert fs.updateMount("s3a://other", "/mnt/raw", encryption_type="sse-s3") is True
    assert fs.mounts() == [MountInfo("/mnt/raw", "s3a://other", "sse-s3")]
    fs.put("/mnt/raw/a.txt", "x")
    assert fs.refreshMounts() is True
    assert fs.unmount("/mnt/raw") is True
    assert "/mnt/raw has been unmounted." in capsys.readouterr().out
    assert fs.mounts() == []
    assert fs.head("/mnt/raw/a.txt") == "x"


@pytest.mark.parametrize("point", ["mnt/raw", "/", "/Volumes/c/s/v2"])
def test_a_mount_point_without_a_place_is_refused(fs, point):
    with pytest.raises(LakewrightError):
        fs.mount("s3a://bucket", point)
    assert fs.mounts() == []


@pytest.mark.unverified(
    where=("connect", "classic"),
    area="Notebooks and dbutils",
    what="the error of `dbutils.fs.unmount` where nothing is mounted",
    instead="an error with the text `Directory not mounted: /mnt/raw`",
    reason="the documentation names no error; that of a second mount, `Directory already mounted`, is in public code",
    link="https://docs.databricks.com/aws/en/dbfs/mounts",
)
def test_unmounting_what_is_not_mounted_is_refused(fs):
    with pytest.raises(MountError, match="Directory not mounted: /mnt/raw"):
        fs.unmount("/mnt/raw")


def test_help_lists_the_methods_and_describes_one(fs, capsys):
    fs.help()
    assert {line.partition("(")[0] for line in capsys.readouterr().out.splitlines()} == {
        *("cp", "head", "help", "ls", "mkdirs", "mount", "mounts", "mv", "put", "refreshMounts", "rm"),
        *("unmount", "updateMount"),
    }
    fs.help("cp")
    assert capsys.readouterr().out.startswith("cp(source: 'str', dest: 'str', recurse: 'bool' = False)")


def test_a_project_at_a_path_with_links_is_the_project(storage, tmp_path_factory):
    link = tmp_path_factory.mktemp("links") / "project"
    link.symlink_to(storage.project)
    fs = FileSystem(Storage(link))
    fs.put(f"file:{Path(link).resolve()}/a.txt", "x")
    assert fs.head(f"{storage.project}/a.txt") == "x"


def test_the_page_of_paths_has_a_line_for_every_method(fs):
    page = (Path(__file__).parents[5] / "docs/reference/paths.md").read_text(encoding="utf-8")
    table = page.split("## `dbutils.fs`")[1]
    assert set(re.findall(r"`(\w+)\(", table.split("Errors have")[0])) - {
        "FileInfo",
        "MountInfo",
        "isDir",
        "isFile",
    } == {name for name in vars(FileSystem) if not name.startswith("_")}
