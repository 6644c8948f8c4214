"""A project in a temporary folder, and a process environment without the settings of the person who runs the tests."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

WriteConfig = Callable[..., Path]

MINIMAL = {
    "defaults": "project: flights\nowner: data-platform\ncatalog:\n  schema: flights\n",
    "local": "catalog:\n  name: local_analytics\n",
    "dev": "catalog:\n  name: dev_analytics\n",
    "prod": "catalog:\n  name: prod_analytics\n",
}


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch, request):
    if request.node.get_closest_marker("integration"):
        return  # DBX_SPARK__MODE=classic runs them in the other mode
    for name in list(os.environ):
        if name.startswith("DBX_") or name in {"DATABRICKS_RUNTIME_VERSION", "IS_SERVERLESS"}:
            monkeypatch.delenv(name)


@pytest.fixture
def write_config(tmp_path, monkeypatch) -> WriteConfig:
    """Write `config/` of a small valid project; keyword arguments replace single files (`prod="…"`, `defaults=None`)."""
    monkeypatch.chdir(tmp_path)

    def write(**files: str | None) -> Path:
        folder = tmp_path / "config"
        folder.mkdir(exist_ok=True)
        for name, text in {**MINIMAL, **files}.items():
            if text is not None:
                (folder / f"{name.replace('__', '.')}.yaml").write_text(text, encoding="utf-8")
        return folder

    return write
