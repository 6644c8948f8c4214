"""A project from the template: what is refused, and what any name and any answers give."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from lakewright.scaffold import render_project
from lakewright.scaffold.render import AnswerError, FolderNotEmptyError

pytestmark = pytest.mark.unit


def test_a_folder_that_is_not_empty_is_refused_and_left_unchanged(tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FolderNotEmptyError):
        render_project(tmp_path, answers={}, ask=False)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"project_name": "9 lives"}, "letters, digits"),
        ({"package_name": "Flights"}, "lower-case letters"),
        ({"catalog": "a-b"}, "lower-case letters"),
        ({"catalogue": "x"}, "no question `catalogue`"),
        (
            {"package_index": "nowhere/dist"},
            "index nowhere/dist is neither an address nor an existing folder",
        ),
        ({"project_name": "class"}, "a keyword of Python"),
        ({"package_name": "json"}, "the name of a package"),
        ({"package_name": "pyspark"}, "the name of a package"),
    ],
)
def test_an_invalid_answer_is_refused_and_nothing_is_written(tmp_path, answers, words):
    with pytest.raises(AnswerError, match=words):
        render_project(tmp_path / "p", answers=answers, ask=False)
    assert not (tmp_path / "p").exists()


def test_a_folder_path_with_two_dots_is_resolved(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert render_project(Path("../x"), answers={}, ask=False) == tmp_path.resolve() / "x"
    with pytest.raises(FolderNotEmptyError) as refused:
        render_project(Path("../x"), answers={}, ask=False)
    assert refused.value.location == str(tmp_path.resolve() / "x")


def test_the_folder_above_gives_the_project_its_name(tmp_path, monkeypatch):
    (tmp_path / "shop" / "inner").mkdir(parents=True)
    (tmp_path / "shop" / "inner").rmdir()
    monkeypatch.chdir(tmp_path)
    project = render_project(Path("shop/inner/.."), answers={}, ask=False)
    assert project == tmp_path.resolve() / "shop"
    assert "name: shop" in (project / "databricks.yml").read_text(encoding="utf-8")


def test_an_index_with_a_password_is_refused_and_the_password_not_printed(tmp_path):
    with pytest.raises(AnswerError, match="without user and password") as refusal:
        render_project(
            tmp_path / "p", answers={"package_index": "https://me:hunter2@example.org/simple"}, ask=False
        )
    assert "hunter2" not in f"{refusal.value} {refusal.value.detail}"
    assert "example.org" in refusal.value.detail


def test_a_folder_of_wheels_is_quoted_in_the_build_or_refused(tmp_path):
    for name in ("our wheels: é #1", "it's"):
        (tmp_path / name).mkdir()
    with pytest.raises(AnswerError, match="characters that are not allowed in a command"):
        render_project(tmp_path / "q", answers={"package_index": str(tmp_path / "it's")}, ask=False)
    folder = str(tmp_path / "our wheels: é #1")
    project = render_project(tmp_path / "p", answers={"package_index": folder}, ask=False)
    bundle = yaml.safe_load((project / "databricks.yml").read_text(encoding="utf-8"))
    assert folder in shlex.split(bundle["artifacts"]["project"]["build"])


def test_an_index_without_a_password_is_written_to_the_requirements(tmp_path):
    project = render_project(
        tmp_path / "p", answers={"package_index": "https://example.org/simple"}, ask=False
    )
    assert "--index-url https://example.org/simple" in (project / "requirements-dev.txt").read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize("name", ["hr", "customer-lifetime-value"])
def test_a_project_of_any_name_is_formatted_and_passes_its_own_lint(tmp_path, name):
    project = render_project(tmp_path / name, answers={}, ask=False)
    for command in (["format", "--check", "--diff"], ["check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--no-cache", "."],
            cwd=project,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
