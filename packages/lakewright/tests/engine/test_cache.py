"""Where the cache of jars and compiled classes is."""

import sys
from pathlib import Path

import pytest

from lakewright.engine.cache import cache_folder

pytestmark = pytest.mark.unit


def test_a_folder_of_ones_own_wins(monkeypatch, tmp_path):
    monkeypatch.setenv("LAKEWRIGHT_CACHE", str(tmp_path / "mine"))
    assert cache_folder() == tmp_path / "mine"


@pytest.mark.skipif(sys.platform != "linux", reason="the platform's own place")
def test_otherwise_it_is_in_the_users_cache_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("LAKEWRIGHT_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "lakewright"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == Path.home() / ".cache" / "lakewright"
