"""A bundle in a folder of the test, loaded in one call."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from lakewright.bundle import Bundle, load_bundle

ENVIRON = {"DATABRICKS_CURRENT_USER": "ana.lopez@example.org"}


class Project:
    """A bundle in a folder of its own, made of the files that a test needs."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, **files: str) -> "Project":
        """Write files; `__` in a name stands for `/`, and a name without an ending gets `.yml`."""
        for name, text in files.items():
            self.file(f"{name.replace('__', '/')}.yml", text)
        return self

    def file(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
        return path

    def notebook(self, name: str) -> Path:
        return self.file(name, "# Databricks notebook source\nprint(1)\n")

    def load(self, **arguments: object) -> Bundle:
        arguments.setdefault("environ", ENVIRON)
        return load_bundle(self.root, **arguments)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.fixture
def of() -> Callable[..., list]:
    """Return the diagnostics of a severity whose summary holds a text."""

    def find(diagnostics, text: str = "", severity: str | None = None) -> list:
        return [
            diagnostic
            for diagnostic in diagnostics
            if text in diagnostic.summary and severity in {None, diagnostic.severity}
        ]

    return find
