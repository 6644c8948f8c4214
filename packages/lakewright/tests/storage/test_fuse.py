"""`/Volumes` and `/dbfs` as Python code on a cluster sees them."""

import bz2
import errno
import glob
import gzip
import importlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import zipfile

import pytest

from lakewright.runner.inside.dbutils.filesystem import FileSystem
from lakewright.storage import Storage
from lakewright.storage.fuse import mount
from lakewright.storage.workspace import write_workspace_folder

pytestmark = pytest.mark.unit

V = "/Volumes/c/s/v"
DOCS = "https://docs.databricks.com/aws/en/"


def differs(kind, what, reason, page, **more):
    """A mark for what a laptop does differently with files."""
    mark = getattr(pytest.mark, kind)
    return mark(
        where=("connect", "classic"), area="Files", what=what, reason=reason, link=DOCS + page, **more
    )


@pytest.fixture
def storage(tmp_path):
    """A project with the volume `c.s.v`, mounted."""
    schema = tmp_path / ".lakewright/lakehouse/_catalog/c/s"
    schema.mkdir(parents=True)
    (schema / "v.volume.json").write_text(json.dumps({"kind": "volume", "location": "volumes/c/s/v"}))
    (tmp_path / ".lakewright/lakehouse/volumes/c/s/v").mkdir(parents=True)
    storage = Storage(tmp_path)
    unmount = mount(storage)
    yield storage
    unmount()


@pytest.fixture
def volume(storage):
    return storage.lakehouse / "volumes/c/s/v"


def write(path, text="abc"):
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(text)


def test_open_and_dbutils_and_the_machine_see_one_file(storage, volume):
    write(f"{V}/a.txt")
    assert FileSystem(storage).head(f"{V}/a.txt") == "abc"
    assert (volume / "a.txt").read_text() == "abc"
    FileSystem(storage).put("/mnt/raw/b.txt", "def")
    assert pathlib.Path("/dbfs/mnt/raw/b.txt").read_text() == "def"


@differs(
    "never",
    "`/dbfs/…` for Python code and UDFs",
    "a local run has no access mode; address the files by a volume, which works on every compute",
    "compute/standard-limitations",
    instead="works",
    workspace="works on dedicated compute; standard and serverless compute do not mount DBFS",
)
def test_dbfs_is_mounted_for_python(storage):
    FileSystem(storage).put("dbfs:/shared/a.txt", "abc")
    with open("/dbfs/shared/a.txt", encoding="utf-8") as stream:
        assert stream.read() == "abc"


def test_a_volume_is_walked_through_by_os_glob_and_pathlib(storage):
    os.makedirs(f"{V}/in/2024", exist_ok=True)
    write(f"{V}/in/2024/a.csv")
    assert os.listdir("/Volumes") == ["c"]
    assert os.listdir("/Volumes/c/s") == ["v"]
    assert [(top, folders, files) for top, folders, files in os.walk(f"{V}/in")] == [
        (f"{V}/in", ["2024"], []),
        (f"{V}/in/2024", [], ["a.csv"]),
    ]
    assert [entry.path for entry in os.scandir(f"{V}/in")] == [f"{V}/in/2024"]
    assert glob.glob("/Volumes/*/s/*/in/*/*.csv") == [f"{V}/in/2024/a.csv"]
    assert [str(path) for path in pathlib.Path(V).rglob("*.csv")] == [f"{V}/in/2024/a.csv"]
    assert os.path.realpath(f"{V}/in") == f"{V}/in"
    assert os.path.getsize(f"{V}/in/2024/a.csv") == 3
    assert os.access(f"{V}/in", os.R_OK)


def test_pathlib_writes_renames_and_removes(volume):
    path = pathlib.Path(V, "d", "a.txt")
    path.parent.mkdir(parents=True)
    path.write_text("abc")
    moved = path.rename(pathlib.Path(V, "d", "b.txt"))
    assert moved.read_bytes() == b"abc"
    assert [item.name for item in (volume / "d").iterdir()] == ["b.txt"]
    moved.unlink()
    path.parent.rmdir()
    assert list(volume.iterdir()) == []


def test_shutil_copies_moves_and_removes(tmp_path, volume):
    write(tmp_path / "a.txt")
    shutil.copy(tmp_path / "a.txt", f"{V}/a.txt")
    shutil.copy2(tmp_path / "a.txt", f"{V}/a2.txt")
    shutil.copytree(V, f"{V}/copy", ignore=shutil.ignore_patterns("copy"))
    shutil.move(f"{V}/a.txt", "/dbfs/a.txt")
    shutil.copyfile("/dbfs/a.txt", tmp_path / "back.txt")
    assert (tmp_path / "back.txt").read_text() == "abc"
    assert sorted(item.name for item in (volume / "copy").iterdir()) == ["a.txt", "a2.txt"]
    shutil.rmtree(f"{V}/copy")
    assert sorted(item.name for item in volume.iterdir()) == ["a2.txt"]
    assert shutil.disk_usage(V).total > 0


def test_archives_and_compressed_files_are_written_and_read(tmp_path, volume):
    write(tmp_path / "a.txt")
    for opener in (gzip.open, bz2.open):
        with opener(f"{V}/a.z", "wt") as stream:
            stream.write("abc")
        with opener(f"{V}/a.z", "rt") as stream:
            assert stream.read() == "abc"
    with zipfile.ZipFile(f"{V}/a.zip", "w") as archive:
        archive.write(tmp_path / "a.txt", "a.txt")
    with tarfile.open(f"{V}/a.tar", "w") as archive:
        archive.add(tmp_path / "a.txt", "a.txt")
    shutil.unpack_archive(f"{V}/a.zip", f"{V}/out")
    assert (volume / "out/a.txt").read_text() == "abc"
    with sqlite3.connect(f"{V}/a.db") as database:
        database.execute("CREATE TABLE t (x)")
    assert (volume / "a.db").stat().st_size > 0


def test_pandas_and_pyarrow_read_and_write(volume):
    pd = pytest.importorskip("pandas")
    pq = pytest.importorskip("pyarrow.parquet")
    frame = pd.DataFrame({"x": [1, 2]})
    frame.to_csv(f"{V}/a.csv", index=False)
    assert pd.read_csv(f"{V}/a.csv").equals(frame)
    frame.to_parquet(f"{V}/a.parquet")
    assert pd.read_parquet(f"{V}/a.parquet").equals(frame)
    frame.assign(y=3).to_parquet(f"{V}/parts", partition_cols=["x"])
    assert sorted(pd.read_parquet(f"{V}/parts").x.astype(int)) == [1, 2]
    np = pytest.importorskip("numpy")
    np.savetxt(f"{V}/a.txt", [1.0, 2.0])
    assert list(np.loadtxt(f"{V}/a.txt")) == [1.0, 2.0]
    np.save(f"{V}/a.npy", [1, 2])
    assert list(np.load(f"{V}/a.npy")) == [1, 2]
    assert pq.read_table(f"{V}/a.parquet").num_rows == 2
    assert {"a.csv", "a.parquet", "parts"} <= {item.name for item in volume.iterdir()}


@pytest.mark.parametrize(
    "path", ["/Volumes/c/s/nope/a.txt", "/Volumes/c/nope/v/a.txt", "/dbfs/Volumes/c/s/nope/a"]
)
def test_a_volume_that_does_not_exist_is_no_such_file(storage, path):
    assert not os.path.exists(path)
    assert not pathlib.Path(path).exists()
    for call in (
        lambda: write(path),
        lambda: os.stat(path),
        lambda: os.listdir(path),
        lambda: os.remove(path),
    ):
        with pytest.raises(FileNotFoundError) as error:
            call()
        assert (error.value.errno, error.value.filename) == (errno.ENOENT, path)
    assert not pathlib.Path("/Volumes").is_symlink()
    assert not [*storage.lakehouse.glob("volumes/c/**/nope")]


@pytest.mark.parametrize("path", ["/Volumes/c/s/nope", "/Volumes/nope", "/Volumes/c/s/nope/deep/er"])
def test_a_volume_is_not_made_as_a_folder(storage, path):
    for call in (
        lambda: os.makedirs(path, exist_ok=True),
        lambda: pathlib.Path(path).mkdir(parents=True, exist_ok=True),
    ):
        with pytest.raises(OSError, match="CREATE VOLUME") as error:
            call()
        assert error.value.errno == errno.EOPNOTSUPP


@differs(
    "unverified",
    "the errors of making, removing and renaming volumes and schemas as folders",
    "the documentation says that volumes are changed by SQL, and not which error a folder's call gets",
    "volumes/utility-commands",
    instead="`OSError` with the number of `EOPNOTSUPP`",
)
@pytest.mark.parametrize("path", [V, "/Volumes/c/s", "/Volumes", "/dbfs", "/dbfs/"])
def test_roots_stay(storage, volume, path):
    write(f"{V}/kept.txt")
    for call in (
        lambda: os.rmdir(path),
        lambda: os.rename(path, f"{V}/x"),
        lambda: pathlib.Path(path).unlink(),
    ):
        with pytest.raises(OSError, match="not supported") as error:
            call()
        assert error.value.errno == errno.EOPNOTSUPP
    assert (volume / "kept.txt").is_file()


@differs(
    "never",
    "paths below `/Workspace` that are not the bundle's files",
    "a local run contacts no workspace; what the bundle uploads is here, by `${workspace.file_path}` too",
    "files/workspace-interact",
    instead="refused; nothing is written",
)
@pytest.mark.parametrize("path", ["/Volume/c/s/v/a", "/volumes/c/s/v/a", "/Workspace/Users/me/a"])
def test_paths_that_have_no_place_are_never_written(storage, path):
    for call in (lambda: write(path), lambda: os.makedirs(path)):
        with pytest.raises(OSError, match="fix:"):
            call()
    assert not os.path.exists(path)


@pytest.fixture
def files(storage):
    """The project's folder in the workspace."""
    own = "/Workspace/Users/me/.bundle/shop/dev/files"
    write_workspace_folder(storage.project / ".lakewright", own, storage.project)
    return own


def test_files_of_the_bundle_are_the_projects_by_their_path_in_the_workspace(storage, files):
    write(storage.project / "a.csv", "n\n1")
    with open(f"{files}/a.csv") as file:
        assert file.read() == "n\n1"
    assert pathlib.Path(files, "a.csv").exists()
    assert subprocess.check_output(f"cat {files}/a.csv", shell=True) == b"n\n1"
    write(f"{files}/b.txt")
    assert (storage.project / "b.txt").read_text() == "abc"
    assert FileSystem(storage).head(f"file:{files}/b.txt") == "abc"
    assert "b.txt" in os.listdir(files)
    os.replace(f"{files}/b.txt", f"{files}/c.txt")
    assert (storage.project / "c.txt").exists()


@differs(
    "never",
    "removing the bundle's files by their path below `/Workspace`",
    "a workspace has copies of them, here they are the project's originals",
    "files/workspace-interact",
    instead="refused",
)
def test_the_projects_originals_are_not_removed_by_a_path_of_the_workspace(storage, files):
    (storage.project / "src").mkdir()
    write(storage.project / "src" / "a.py")
    for call in (
        lambda: shutil.rmtree(f"{files}/src"),
        lambda: os.remove(f"{files}/src/a.py"),
        lambda: FileSystem(storage).rm(f"file:{files}/src", True),
    ):
        with pytest.raises(OSError, match="project"):
            call()
    assert (storage.project / "src" / "a.py").exists()


@pytest.mark.parametrize("path", ["a.csv", "../prod/files/a.csv", "../../../../other@acme/a.csv"])
def test_other_files_of_the_workspace_are_refused_and_never_written(storage, files, path):
    outside = f"{files}/../{path}"
    for call in (lambda: write(outside), lambda: os.makedirs(outside), lambda: open(outside)):
        with pytest.raises(OSError, match=f"only the bundle's own workspace files are here.*{files}"):
            call()


def test_modules_are_imported_from_the_workspace_and_from_volumes(storage, volume, files):
    (storage.project / "lib").mkdir()
    write(storage.project / "lib" / "of_workspace_q.py", "from of_volume_q import X")
    with zipfile.ZipFile(volume / "packed.zip", "w") as archive:
        archive.writestr("of_volume_q.py", "X = 7")
    before = list(sys.path)
    try:
        sys.path += [V, f"{V}/packed.zip", f"{files}/lib", "/Workspace/Users/other"]
        module = importlib.import_module("of_workspace_q")
        assert module.X == 7
        assert module.__file__ == str(storage.project / "lib" / "of_workspace_q.py")
    finally:
        sys.path[:] = before
        for name in ("of_workspace_q", "of_volume_q"):
            sys.modules.pop(name, None)


def test_a_path_that_leads_to_a_mount_by_dots_is_one_of_the_mount(storage):
    with pytest.raises(FileNotFoundError):
        write("/tmp/../Volumes/c/s/nope/a.txt")
    with pytest.raises(FileNotFoundError):
        write("//Volumes/c/s/nope/a.txt")


def test_the_driver_has_its_own_disk(tmp_path):
    write(tmp_path / "a.txt")
    assert pathlib.Path(tmp_path / "a.txt").read_text() == "abc"
    with open(os.devnull) as file:
        assert file.read() == ""


def test_descriptors_bytes_and_folders_of_the_project_stay_as_they_are(storage, volume):
    write(os.fsencode(f"{V}/a.txt"))
    assert os.listdir(os.fsencode(V)) == [b"a.txt"]
    descriptor = os.open(f"{V}/a.txt", os.O_RDONLY)
    with open(descriptor) as stream:
        assert stream.read() == "abc"
    write(f"{storage.project}/b.txt")
    assert (storage.project / "b.txt").is_file()


def test_programs_get_the_paths_of_the_machine(storage, volume):
    write(f"{V}/a.txt", "abc")
    assert subprocess.check_output(["cat", f"{V}/a.txt"]) == b"abc"
    assert subprocess.check_output(["bash", "-e", "-c", f"cat {V}/*.txt"]) == b"abc"
    assert subprocess.check_output(f"cat '{V}'/a.txt | tr a b", shell=True) == b"bbc"
    assert subprocess.check_output(
        [sys.executable, "-c", "import sys; print(open(sys.argv[1]).read())", f"{V}/a.txt"]
    )
    assert subprocess.check_output(["ls"], cwd=V) == b"a.txt\n"
    assert os.system(f"cp {V}/a.txt /dbfs/b.txt") == 0
    assert (storage.dbfs / "b.txt").read_text() == "abc"


def test_a_program_is_not_started_with_a_volume_that_does_not_exist(tmp_path, storage):
    for command in (["mkdir", "-p", "/Volumes/c/s/nope/x"], ["bash", "-c", "mkdir -p /Volumes/c/s/nope/x"]):
        with pytest.raises(FileNotFoundError, match="does not exist"):
            subprocess.run(command, check=True)
    assert "Volumes" not in os.listdir("/")


def test_a_second_mount_takes_the_place_of_the_first(tmp_path, storage):
    functions = len(os.supports_fd)
    write("/dbfs/a.txt")
    unmount = mount(Storage(tmp_path / "other"))
    assert not os.path.exists("/dbfs/a.txt")
    assert len(os.supports_fd) == functions
    unmount()
    assert not os.path.exists("/dbfs")


def test_unmounting_puts_the_functions_back(tmp_path):
    before = (open, os.stat, os.scandir, subprocess.Popen.__init__, sqlite3.connect, len(os.supports_fd))
    mount(Storage(tmp_path))()
    assert (
        open,
        os.stat,
        os.scandir,
        subprocess.Popen.__init__,
        sqlite3.connect,
        len(os.supports_fd),
    ) == before


@differs(
    "ours",
    "appending to a file of a volume, writing in its middle",
    "the mount could refuse what the one of a cluster refuses",
    "volumes/volume-files",
    fails="DID NOT RAISE",
    instead="works",
    workspace="refused: write to a local file, then copy it",
)
def test_a_file_of_a_volume_is_not_appended_to(storage):
    write(f"{V}/a.txt")
    with pytest.raises(OSError, match="not supported"):
        open(f"{V}/a.txt", "a").close()


@differs(
    "never",
    "`/Volumes` for programs and libraries in C that build or read a path by themselves",
    "a mount of the system needs root; write to a temporary folder and copy, which works in both",
    "files/",
    instead="no such file; nothing is written",
)
def test_a_program_does_not_see_the_mounts_and_writes_nothing_beside_them(storage):
    write(f"{V}/a.txt")
    code = "import sys; open('/Vol' + 'umes/c/s/v/' + sys.argv[1], sys.argv[2])"
    for arguments in (("a.txt", "r"), ("new.txt", "w")):
        done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, check=False)
        assert b"FileNotFoundError" in done.stderr
