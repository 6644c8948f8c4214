"""The files of a project that a CI system reads, rendered for any answers by Copier itself, without the rest of the project."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

import yaml

from lakewright.scaffold.copying import quick_copying

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "template"
HOST = "https://adb-1234567890123456.7.azuredatabricks.net"
REPOSITORIES = {
    "github": "acme/flights",
    "azure_devops": "acme/data/flights",
    "gitlab": "acme/data/flights",
    "none": "",
}
# Every answer that a pipeline could depend on, with the values that make a difference.
ANSWERS = {
    "ci": ("github", "azure_devops", "gitlab", "none"),
    "branching": ("tags", "branches"),
    "infrastructure": ("azure", "none"),
    "compute": ("serverless", "job_clusters"),
    "package_index": ("", "https://pypi.example.com/simple"),
    "python_resources": ("false", "true"),
    "repository": ("", "given"),
    "workspace_host": ("", HOST),
}
# Folders and files of the template that a CI system reads, or that its steps run.
_PIPELINES = (".github", "azure-pipelines", ".gitlab", "scripts", ".pre-commit", ".gitleaks", "parts")


@cache
def questions() -> frozenset[str]:
    """The questions of the template."""
    return frozenset(yaml.safe_load((ROOT / "copier.yml").read_text(encoding="utf-8")))


def combinations() -> Iterator[dict[str, str]]:
    """Yield every combination of the answers; one alone for a project without a CI system, whose files are none."""
    asked = {name: values for name, values in ANSWERS.items() if name in questions()}
    for values in product(*asked.values()):
        answers = dict(zip(asked, values, strict=True))
        if answers["ci"] == "none" and answers != {name: each[0] for name, each in asked.items()} | {
            "ci": "none"
        }:
            continue
        if answers.get("repository"):
            answers["repository"] = REPOSITORIES[answers["ci"]]
        yield answers


@cache
def databricks_cli_version() -> str:
    """The version of the Databricks CLI that every pipeline installs; it is written in one place."""
    (script,) = TEMPLATE.glob("scripts/*install_databricks_cli.sh*")
    return re.findall(r'^version="([\d.]+)"$', script.read_text(encoding="utf-8"), re.MULTILINE)[0]


def named(answers: dict[str, str]) -> str:
    """Return what tells a combination from the others, for the name of a test."""
    return "-".join(
        value if value and "/" not in value else name
        for name, value in answers.items()
        if value not in ("", "false")
    )


@cache
def _reduced_template() -> tempfile.TemporaryDirectory[str]:
    holder = tempfile.TemporaryDirectory(prefix="pipelines-")
    folder = Path(holder.name)
    shutil.copy(ROOT / "copier.yml", folder)
    for path in TEMPLATE.iterdir():
        if any(name in path.name for name in _PIPELINES):
            copy = shutil.copytree if path.is_dir() else shutil.copy
            (folder / "template").mkdir(exist_ok=True)
            copy(path, folder / "template" / path.name)
    return holder


def render(folder: Path, answers: dict[str, str]) -> dict[str, str]:
    """Render the files of a combination into a folder that does not exist.

    Returns:
        Their texts by their paths from the folder.
    """
    import copier

    data = {"project_name": "flights", "our_version": "0.1.0", **answers}
    with quick_copying():
        copier.run_copy(_reduced_template().name, folder, data=data, defaults=True, quiet=True, unsafe=False)
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()] if folder.exists() else []
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}


def of_pipelines(files: dict[str, str]) -> dict[str, str]:
    """Return those that a CI system reads."""
    gitlab = (".gitlab-ci.yml", ".gitlab/ci/", ".gitlab/infrastructure.yml")
    starts = (".github/workflows/", ".github/actions/", "azure-pipelines/", *gitlab)
    return {file: text for file, text in files.items() if file.startswith(starts)}
