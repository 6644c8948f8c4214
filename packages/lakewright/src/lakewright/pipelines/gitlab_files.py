"""Which files of a project make one pipeline of GitLab: names of jobs, defaults and variables are shared only within it."""

from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping

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
        file = waiting.pop(0)
        if file in trees and file not in found:
            found[file] = trees[file]
            waiting += _included(trees[file])
    return found


def _included(tree: Mapping) -> Iterator[str]:
    """Yield the files of the same project that a file includes."""
    for item in as_list(tree.get("include")):
        local = item.get("local") if isinstance(item, Mapping) else item
        if isinstance(local, str) and "://" not in local:
            yield local.lstrip("/")
