"""Where the cache of jars and compiled classes is."""

import sys
from pathlib import Path

import pytest

from lakewright.engine.installation.cache import cache_folder

pytestmark = pytest.mark.unit


def test_the_folder_in_the_environment_variable_is_used_first(monkeypatch, tmp_path):
    monkeypatch.setenv("LAKEWRIGHT_CACHE", str(tmp_path / "mine"))
    assert cache_folder() == tmp_path / "mine"


@pytest.mark.skipif(sys.platform != "linux", reason="the platform's own place")
def test_the_default_is_in_the_users_cache_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("LAKEWRIGHT_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "lakewright"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == Path.home() / ".cache" / "lakewright"
