"""The class archive of Java 17 and 18: adopted when it is whole, removed when its writer was killed in the middle."""

import os
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest

from lakewright.engine.installation.java import find_java
from lakewright.engine.installation.spark import spark_home
from lakewright.engine.jvm.class_archive import archive_options, reading_options, remove_unused

pytestmark = pytest.mark.unit

CLASSPATH = sorted((spark_home() / "jars").glob("slf4j-api*.jar"))


# Newer ones write and check such archives too: any of them can stand in.
JAVA = replace(find_java(), version=17)


@pytest.fixture
def written(tmp_path, monkeypatch):
    """An archive as a first engine leaves it at its end."""
    monkeypatch.setenv("LAKEWRIGHT_CACHE", str(tmp_path))
    option = archive_options(JAVA, CLASSPATH)[-1]
    assert option.startswith("-XX:ArchiveClassesAtExit=")
    path = Path(option.partition("=")[2])
    how = [option, "-version"]
    if not any(
        (JAVA.home / "lib").rglob("classes.jsa")
    ):  # a slim Java has no archive of its own to build upon
        how = ["-Xshare:dump", f"-XX:SharedArchiveFile={path}"]
    command = [str(JAVA.executable), "-cp", ":".join(map(str, CLASSPATH)), *how]
    subprocess.run(command, capture_output=True, check=True)
    return path


def test_a_whole_archive_is_used_by_the_next_engine(written):
    option = archive_options(JAVA, CLASSPATH)[-1]
    assert option == f"-XX:SharedArchiveFile={written.with_suffix('.jsa')}"
    assert archive_options(JAVA, CLASSPATH)[-1] == option
    assert not written.exists()


def test_another_jvm_reads_the_archive_of_an_engine_and_never_writes_one(written):
    assert reading_options(JAVA, CLASSPATH) == []
    archive_options(JAVA, CLASSPATH)
    option = reading_options(JAVA, CLASSPATH)[-1]
    assert option == f"-XX:SharedArchiveFile={written.with_suffix('.jsa')}"
    longer = ":".join(map(str, [*CLASSPATH, *sorted((spark_home() / "jars").glob("log4j-api*.jar"))]))
    command = [str(JAVA.executable), "-Xshare:on", option, "-cp"]
    assert subprocess.run([*command, longer, "-version"], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("spoil", ["cut off", "not begun", "a flipped byte"])
def test_a_broken_archive_is_removed_and_written_again(written, spoil):
    whole = written.read_bytes()
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :]
    written.unlink()
    written.write_bytes({"cut off": whole[:-5000], "not begun": b"", "a flipped byte": flipped}[spoil])
    assert archive_options(JAVA, CLASSPATH)[-1] == f"-XX:ArchiveClassesAtExit={written}"
    assert not written.exists()


def test_a_java_that_renews_its_archive_itself_gets_the_archive_path(tmp_path, monkeypatch):
    monkeypatch.setenv("LAKEWRIGHT_CACHE", str(tmp_path))
    options = archive_options(replace(JAVA, version=19), CLASSPATH)
    assert "-XX:+AutoCreateSharedArchive" in options
    assert options[-1].startswith(f"-XX:SharedArchiveFile={tmp_path}")


def test_without_a_writable_cache_the_engine_starts_without_an_archive(tmp_path, monkeypatch):
    (tmp_path / "archives").write_text("a file where the folder should be")
    monkeypatch.setenv("LAKEWRIGHT_CACHE", str(tmp_path))
    assert not any("Archive" in option for option in archive_options(JAVA, CLASSPATH))


def test_archives_that_were_not_used_for_long_are_removed_and_one_that_is_used_is_kept(written, monkeypatch):
    archive = written.with_suffix(".jsa")
    archive_options(JAVA, CLASSPATH)
    old = time.time() - 31 * 24 * 3600
    others = [archive.with_name(f"{number}{suffix}") for number in (1, 2) for suffix in (".jsa", ".written")]
    notes = archive.with_name("notes.txt")
    for path in (*others, notes, archive):
        path.touch()
        os.utime(path, (old, old))
    assert archive_options(JAVA, CLASSPATH)[-1] == f"-XX:SharedArchiveFile={archive}"
    assert sorted(archive.parent.iterdir()) == sorted([archive, notes])


def test_only_the_last_used_archives_are_kept(tmp_path):
    paths = [tmp_path / f"{number}.jsa" for number in range(9)]
    for age, path in enumerate(paths):
        path.touch()
        os.utime(path, (time.time() - age, time.time() - age))
    assert sorted(remove_unused(tmp_path)) == paths[6:]
    assert sorted(tmp_path.iterdir()) == paths[:6]


def test_an_archive_that_another_engine_removes_at_the_same_moment_is_no_error(tmp_path, monkeypatch):
    path = tmp_path / "1.jsa"
    path.touch()
    os.utime(path, (0, 0))
    unlink = Path.unlink
    monkeypatch.setattr(Path, "unlink", lambda self: (unlink(self), unlink(self)))
    assert remove_unused(tmp_path) == [path]
