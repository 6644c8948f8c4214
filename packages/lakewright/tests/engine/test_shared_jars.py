"""Spark's jars under one path for all environments."""

import base64
import hashlib
import os
from pathlib import Path

import pytest

from lakewright.engine.installation import shared_jars as module
from lakewright.engine.installation.shared_jars import shared_jars
from lakewright.engine.installation.spark import spark_jars

pytestmark = pytest.mark.unit


def sha256(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


@pytest.fixture
def environment(tmp_path, monkeypatch):
    """Make environments with the same jars, and return their jars with their record."""
    monkeypatch.setenv("LAKEWRIGHT_CACHE", str(tmp_path / "cache"))

    def make(name, **changed):
        folder = tmp_path / name
        folder.mkdir()
        contents = {"a.jar": b"first", "b.jar": b"second", **changed}
        for file, content in contents.items():
            (folder / file).write_bytes(content)
        return sorted(folder.iterdir()), {file: sha256(content) for file, content in contents.items()}

    return make


def test_two_environments_with_the_same_jars_have_one_class_path(environment):
    first, second = environment("one"), environment("two")
    shared = shared_jars(*first)
    assert [path.read_bytes() for path in shared] == [b"first", b"second"]
    assert shared[0].stat().st_ino == first[0][0].stat().st_ino
    assert shared_jars(*second) == shared
    assert shared_jars(*first) == shared


def test_other_jars_have_another_class_path(environment):
    one, other = environment("one"), environment("other", **{"b.jar": b"secono"})
    assert shared_jars(*one)[1] != shared_jars(*other)[1]
    assert shared_jars(*other)[1].read_bytes() == b"secono"


def test_a_jar_that_a_user_added_is_used_from_its_place(environment):
    jars, recorded = environment("one")
    added = jars[0].with_name("mine.jar")
    added.touch()
    assert shared_jars([*jars, added], recorded) == [*jars, added]


def test_a_jar_that_is_not_as_it_was_installed_is_not_shared(environment, tmp_path):
    jars, recorded = environment("one")
    jars[0].write_bytes(b"other")  # of the same size
    assert shared_jars(jars, recorded) == jars
    assert list((tmp_path / "cache" / "spark").iterdir()) == []


def test_a_damaged_folder_is_not_used(environment):
    jars, recorded = environment("one")
    shared = shared_jars(jars, recorded)
    shared[0].unlink()
    assert shared_jars(jars, recorded) == jars
    shared[0].write_bytes(b"cut")
    assert shared_jars(jars, recorded) == jars


def test_where_nothing_can_be_linked_the_environments_own_jars_are_used(environment, tmp_path, monkeypatch):
    jars, recorded = environment("one")

    def refuse(self, target):
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    assert shared_jars(jars, recorded) == jars
    (tmp_path / "cache" / "spark").rmdir()
    (tmp_path / "cache" / "spark").write_text("a file where the folder should be")
    assert shared_jars(jars, recorded) == jars


def test_a_folder_that_was_not_used_for_long_is_removed_when_another_is_made(environment):
    one, other = environment("one"), environment("other", **{"b.jar": b"new"})
    old = shared_jars(*one)[0].parent
    os.utime(old, (0, 0))
    shared_jars(*other)
    assert not old.exists()
    assert shared_jars(*one)[0].parent == old


def test_each_start_counts_as_a_use(environment):
    one, other = environment("one"), environment("other", **{"b.jar": b"new"})
    folder = shared_jars(*one)[0].parent
    os.utime(folder, (0, 0))
    shared_jars(*one)
    shared_jars(*other)
    assert folder.exists()


def test_the_installed_pyspark_records_each_of_its_jars():
    assert module._recorded().keys() == {path.name for path in spark_jars()}
