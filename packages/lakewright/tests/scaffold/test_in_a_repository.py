"""A project in a folder of an existing repository: what CI reads is in the repository's own folder, once."""

import importlib
import subprocess

import pytest

from lakewright.scaffold import new_project, render_project
from lakewright.scaffold.repository import RepositoryError, place_of
from lakewright.wheels.wheel_file import Wheel

pytestmark = pytest.mark.unit


def empty_repository(folder):
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    return folder.resolve()


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A repository with one project in the folder `orders`."""
    folder = empty_repository(tmp_path_factory.mktemp("first") / "company")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            importlib.import_module("lakewright.scaffold.new_project"), "from_here", tuple[Wheel, ...]
        )
        make(folder / "orders")
    return folder


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository without files; the wheels of a project are left out."""
    folder = empty_repository(tmp_path / "company")
    monkeypatch.setattr(
        importlib.import_module("lakewright.scaffold.new_project"), "from_here", tuple[Wheel, ...]
    )
    return folder


def make(folder, **answers):
    return new_project(folder, answers=answers, ask=False)


def files(folder):
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.parts
    }


def test_two_projects_share_the_workflows_of_the_repository(repository):
    make(repository / "orders", code_owners="@acme/data")
    workflows = {
        name: (repository / name).read_text() for name in files(repository) if name.startswith(".github/")
    }
    assert ".github/workflows/release.yml" in workflows
    assert 'default: "orders"' in workflows[".github/actions/setup/action.yml"]
    assert "/orders/databricks.yml @acme/data" in workflows[".github/CODEOWNERS"]
    assert "directory: /orders\n" in workflows[".github/dependabot.yml"]
    make(repository / "teams" / "billing")
    for project in ("orders", "teams/billing"):
        assert not {
            name for name in files(repository / project) if name.startswith((".github", ".pre-commit"))
        }
        assert (repository / project / "databricks.yml").is_file()
    assert workflows == {
        name: (repository / name).read_text() for name in files(repository) if name.startswith(".github/")
    }


@pytest.mark.parametrize(
    ("file", "paths"),
    [
        ("workflows/labels.yml", ("scripts/sync_labels.py", "constraints.txt")),
        ("workflows/infrastructure.yml", ("infra/terraform/run.sh",)),
        ("workflows/drift.yml", ("infra/terraform/run.sh",)),
        ("workflows/pull_request.yml", ("infra/terraform/run.sh", "scripts/install_databricks_cli.sh")),
        ("actions/terraform/action.yml", ("infra/terraform/.terraform-version",)),
    ],
)
def test_a_job_that_runs_at_the_root_finds_the_files_of_the_first_project(file, paths, first):
    text = (first / ".github" / file).read_text()
    for path in paths:
        assert f" orders/{path}" in text
        assert f" {path}" not in text
        assert (first / "orders" / path).is_file()


def test_a_project_beside_one_in_the_repositorys_own_folder_gets_no_workflows(repository):
    at_root = repository / ".github" / "workflows" / "rollback.yml"
    at_root.parent.mkdir(parents=True)
    at_root.write_text("a: ${{ inputs.bundle }}\n")
    make(repository / "orders")
    assert [name for name in files(repository) if name.startswith(".github/")] == [
        ".github/workflows/rollback.yml"
    ]


@pytest.mark.parametrize(
    ("there", "answers", "words", "fix"),
    [
        ({}, {"ci": "gitlab"}, "gets no files for ci=gitlab", "-d ci=none"),
        ({}, {"ci": "azure_devops"}, "gets no files for ci=azure_devops", "-d ci=none"),
        ({".github/workflows/release.yml": "on: push"}, {}, "has files of its own", "-d ci=none"),
        (
            {".github/workflows/rollback.yml": "lakewright release check"},
            {},
            "knew one bundle only",
            "lakewright init elsewhere",
        ),
    ],
)
def test_what_would_not_work_is_refused_and_nothing_is_written(repository, there, answers, words, fix):
    for name, text in there.items():
        (repository / name).parent.mkdir(parents=True, exist_ok=True)
        (repository / name).write_text(text)
    with pytest.raises(RepositoryError, match=words) as refused:
        make(repository / "orders", **answers)
    assert fix in refused.value.fix
    assert files(repository) == set(there)
    make(repository / "orders", ci="none")
    assert files(repository) > set(there)


@pytest.mark.parametrize(
    "folder", ["my team/orders", "$(touch x)/orders", "a+b/orders", "old..new/orders", ".hidden/orders"]
)
def test_a_folder_that_no_tag_and_no_script_can_name_is_refused(repository, folder):
    (repository / ".github" / "workflows").mkdir(parents=True)
    (repository / ".github" / "workflows" / "rollback.yml").write_text("a: ${{ inputs.bundle }}\n")
    with pytest.raises(RepositoryError, match="a tag of git cannot begin") as refused:
        make(repository / folder)
    assert "such as pipelines/orders" in refused.value.fix
    assert files(repository) == {".github/workflows/rollback.yml"}


def test_a_project_that_git_ignores_and_one_without_a_repository_stand_alone(repository, tmp_path):
    (repository / ".gitignore").write_text("/demo/\n")
    assert place_of(repository / "demo") is None
    assert place_of(repository / "demo" / "inner") is None
    assert place_of(repository) is None
    assert place_of(tmp_path / "elsewhere") is None
    assert place_of(repository / "a" / "b").folder == "a/b"
    project = render_project(tmp_path / "elsewhere", answers={}, ask=False)
    assert (project / ".github" / "workflows" / "release.yml").is_file()
