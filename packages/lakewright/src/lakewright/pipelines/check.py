"""All files of a project that a CI system reads, checked with the rules of that system."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import yaml

from lakewright.errors import LakewrightError
from lakewright.pipelines import azure_devops, github
from lakewright.pipelines.github_steps import check_steps
from lakewright.pipelines.gitlab import check_gitlab
from lakewright.pipelines.gitlab_files import files_of_gitlab, included_files, pipelines_of
from lakewright.pipelines.guards.ignored import check_ignored
from lakewright.pipelines.guards.unguarded import check_steps_of_release
from lakewright.pipelines.reading import Mapping, mappings, read_yaml
from lakewright.pipelines.secrets import secrets_in
from lakewright.pipelines.turns.queues import check_queues
from lakewright.pipelines.weakness import Weakness

_WORKFLOWS = (".github/workflows/*.yml", ".github/workflows/*.yaml")
_ACTIONS = (".github/actions/**/action.yml", ".github/actions/**/action.yaml")
_AZURE = tuple(
    f"{place}.{ending}"
    for place in (
        "azure-pipelines*",
        "azure-pipelines/**/*",
        ".azure-pipelines/**/*",
        ".azuredevops/**/*",
        ".azure/**/*pipeline*/**/*",
    )
    for ending in ("yml", "yaml")
)
_GITLAB = (".gitlab-ci.yml", ".gitlab/ci/**/*.yml", ".gitlab/ci/**/*.yaml", ".gitlab/*.yml", ".gitlab/*.yaml")


class PipelineFileError(LakewrightError, ValueError):
    """Raised when a file of a pipeline cannot be read: its CI system would not read it either."""


def check_pipelines(
    project: Path, *, allowed_secrets: frozenset[str] = frozenset()
) -> tuple[list[str], list[Weakness]]:
    """Check the pipelines of a project.

    Args:
        project: The project's folder.
        allowed_secrets: Names of secrets of the CI system that may be used: the documented fallback where OIDC cannot be had.

    Returns:
        The files that were read, and what is unsafe in them, by file and line.

    Raises:
        PipelineFileError: A file cannot be read, or is no YAML.
    """
    texts: dict[str, str] = {}
    waiting = [file.relative_to(project).as_posix() for file in files_of(project)]
    while waiting:
        file = waiting.pop(0)
        if file not in texts:
            texts[file] = _read(project, file)
            waiting += _used_by(project, file, _tree(file, texts[file]))
    return list(texts), check_texts(texts, allowed_secrets=allowed_secrets)


def _read(project: Path, file: str) -> str:
    try:
        return (project / file).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise PipelineFileError(
            f"{file} is no text in UTF-8", location=file, fix="save it as UTF-8; the CI system reads no other"
        ) from error
    except OSError as error:
        raise PipelineFileError(
            f"{file} cannot be read: {error.strerror}", location=file, fix=f"ls -l {project / file}"
        ) from error


def _used_by(project: Path, file: str, tree: object) -> list[str]:
    """Return the project's other files that one of Azure DevOps or GitLab includes, wherever they lie."""
    if file.startswith(".github/"):
        return []
    names = azure_devops.templates_of(file, tree)
    names += included_files(tree) if isinstance(tree, Mapping) else []
    inside = (name for name in names if name and "$" not in name and ".." not in PurePosixPath(name).parts)
    return [
        path.relative_to(project).as_posix()
        for name in inside
        for path in sorted(project.glob(name))
        if path.is_file() and path.suffix in {".yml", ".yaml"}
    ]


def files_of(folder: Path) -> list[Path]:
    """Return the files below a folder that a CI system reads."""
    patterns = (*_WORKFLOWS, *_ACTIONS, *_AZURE, *_GITLAB)
    found = (file for pattern in patterns for file in sorted(folder.glob(pattern)) if file.is_file())
    return list(dict.fromkeys(found))


def check_texts(texts: dict[str, str], *, allowed_secrets: frozenset[str] = frozenset()) -> list[Weakness]:
    """Check files that are given by their paths from a project's folder."""
    trees = {file: _tree(file, text) for file, text in texts.items()}
    in_gitlab = files_of_gitlab({file: tree for file, tree in trees.items() if isinstance(tree, Mapping)})
    of_azure = {
        file: tree
        for file, tree in trees.items()
        if file not in in_gitlab and not file.startswith((".github/", ".gitlab"))
    }
    found = [*_github(texts, trees), *_azure(of_azure)]
    found += [each for pipeline in pipelines_of(in_gitlab) for each in check_gitlab(pipeline)]
    for file, text in texts.items():
        found += secrets_in(file, text)
        found += check_ignored(file, trees[file])
        found += check_steps_of_release(file, text, trees[file])
    allowed = tuple(f"`{name}` " for name in allowed_secrets)
    return sorted({each for each in found if each.rule != "secret" or not each.summary.startswith(allowed)})


def _tree(file: str, text: str) -> object:
    try:
        tree: object = read_yaml(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise PipelineFileError(
            f"{file} is no YAML: {getattr(error, 'problem', error)}",
            location=f"{file}:{mark.line + 1}" if mark else file,
            fix="correct the line; the CI system refuses the file too",
        ) from error
    return tree


def _github(texts: dict[str, str], trees: dict[str, object]) -> Iterator[Weakness]:
    of_github = {file: tree for file, tree in trees.items() if file.startswith(".github/")}
    deploying = _with_callers(of_github)
    yield from check_queues(of_github, deploying)
    for file, tree in of_github.items():
        if file.startswith(".github/workflows/"):
            yield from github.check_workflow(file, texts[file], tree, deploying)
        else:
            yield from check_steps(file, texts[file], tree)


def _with_callers(workflows: dict[str, object]) -> frozenset[str]:
    """Return the workflows that deploy, and those that call one of them."""
    found = {file for file, tree in workflows.items() if github.deploys_something(tree)}
    while more := {
        file
        for file, tree in workflows.items()
        if file not in found
        and any(str(job.get("uses", "")).removeprefix("./") in found for job in mappings(tree))
    }:
        found |= more
    return frozenset(found)


def _azure(of_azure: dict[str, object]) -> Iterator[Weakness]:
    found = {file for file, tree in of_azure.items() if azure_devops.deploys_something(tree)}
    while more := {
        file
        for file, tree in of_azure.items()
        if file not in found and found & set(azure_devops.templates_of(file, tree))
    }:
        found |= more
    deploying = frozenset(found)
    for file, tree in of_azure.items():
        yield from azure_devops.check_pipeline(file, tree, deploying)
