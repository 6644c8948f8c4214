"""Which files of a project make one pipeline of GitLab: names of jobs, defaults and variables are shared only within it."""

from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from fnmatch import fnmatchcase

from lakewright.pipelines.reading import Mapping, as_list

_FIRST = ".gitlab-ci.yml"
_PARTS = ".gitlab/ci/"


def pipelines_of(trees: AnyMapping[str, Mapping]) -> list[dict[str, Mapping]]:
    """Return the files of each pipeline.

    `.gitlab-ci.yml`, the folder `.gitlab/ci` and what they include are one. Any other file is the first file of a pipeline of its own, such
    as that of another GitLab project with the same repository ("CI/CD configuration file"), with what it includes.

    Args:
        trees: What `read_yaml` made of each file, by its path from the project's folder.
    """
    first = [file for file in trees if file == _FIRST or file.startswith(_PARTS)]
    made = [_with_included(first, trees)] if first else []
    for file in trees:
        if not any(file in pipeline for pipeline in made):
            made.append(_with_included([file], trees))
    return made


def _with_included(files: list[str], trees: AnyMapping[str, Mapping]) -> dict[str, Mapping]:
    found: dict[str, Mapping] = {}
    waiting = list(files)
    while waiting:
        name = waiting.pop(0)
        for file in fitting(name, trees):
            if file not in found:
                found[file] = trees[file]
                waiting += _included(trees[file])
    return found


def fitting(name: str, trees: AnyMapping[str, Mapping]) -> list[str]:
    """Return the files that a name of an include stands for: `ci/*.yml` may be several."""
    return [name] if name in trees else [file for file in trees if "*" in name and fnmatchcase(file, name)]


def files_of_gitlab(trees: AnyMapping[str, Mapping]) -> dict[str, Mapping]:
    """Return the files of all pipelines of GitLab, with those that they include or start, wherever they lie."""
    found: dict[str, Mapping] = {}
    waiting = [file for file in trees if file.startswith(".gitlab")]
    while waiting:
        for file in fitting(waiting.pop(0), trees):
            if file not in found:
                found[file] = trees[file]
                waiting += included_files(trees[file])
    return found


def included_files(tree: Mapping) -> list[str]:
    """Return the files of the same project that a file includes, or whose jobs start as a pipeline of their own."""
    started = (job["trigger"] for job in tree.values() if isinstance(job, Mapping) and "trigger" in job)
    return [
        *_included(tree),
        *(name for each in started if isinstance(each, Mapping) for name in _included(each)),
    ]


def _included(tree: Mapping) -> Iterator[str]:
    """Yield the files of the same project that a file includes."""
    for item in as_list(tree.get("include")):
        local = item.get("local") if isinstance(item, Mapping) else item
        if isinstance(local, str) and "://" not in local:
            yield local.lstrip("/")
