"""A git repository with a small bundle, and one cloned from it as CI systems do."""

import subprocess
from pathlib import Path

import pytest

BUNDLE = """\
bundle: {name: shop}
artifacts:
  project:
    type: whl
    build: mkdir -p dist && printf '%s' "$$" > dist/shop-1.0-py3-none-any.whl
resources:
  jobs:
    main:
      name: main
      tasks:
        - task_key: a
          environment_key: main
          python_wheel_task: {package_name: shop, entry_point: main}
      environments:
        - environment_key: main
          spec: {environment_version: "4", dependencies: [./dist/shop-*.whl, ./wheels/lib-*.whl]}
targets: {dev: {default: true, mode: development}}
"""


class Origin:
    """A repository whose branch is main."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "-q", "-b", "main")
        self.write("databricks.yml", BUNDLE)
        self.write(".gitignore", "dist/\n")
        self.write("wheels/lib-2.0-py3-none-any.whl", "lib")
        self.commit("first")

    def git(self, *arguments: str, folder: Path | None = None) -> str:
        own = (
            "-c",
            "user.name=someone",
            "-c",
            "user.email=someone@example.com",
            "-c",
            "commit.gpgsign=false",
        )
        done = subprocess.run(
            ["git", *own, *arguments], cwd=folder or self.folder, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def commit(self, message: str, tag: str | None = None) -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        if tag:
            self.git("tag", "-a", tag, "-m", tag)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def origin(tmp_path: Path) -> Origin:
    """A repository with a bundle whose build never gives the same bytes twice."""
    return Origin(tmp_path / "origin")
