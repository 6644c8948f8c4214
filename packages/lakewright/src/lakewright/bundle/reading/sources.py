"""From the root file to one tree: its includes are read, checked against the schema, and merged in order."""

from pathlib import Path

from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.tree import Node, match
from lakewright.bundle.model.written_secrets import written_secrets
from lakewright.bundle.reading.includes import included_files, relative_name
from lakewright.bundle.reading.merge import MergeError, merge
from lakewright.bundle.reading.resource_files import (
    ResourceOrigins,
    check_single_resource,
    check_task_keys,
    check_undefined_resources,
)
from lakewright.bundle.reading.yaml_source import SourceError, load_source
from lakewright.bundle.rules.files.includes.include_outside_root_file import IncludeOutsideRootFile
from lakewright.bundle.schema.normalise import normalise

_DEFINITIONS = (
    {"default"},
    {"lookup"},
    {"default", "type"},
    {"default", "description"},
    {"lookup", "description"},
    {"default", "type", "description"},
)


def read_sources(draft: Draft) -> None:
    """Read the root file and everything it includes into `draft.tree`."""
    root = _read(draft, draft.file)
    if root is None:
        return
    draft.tree = root
    origins = ResourceOrigins()
    origins.collect(root)
    included = included_files(draft, root.get("include"))
    for file in included:
        if (part := _read(draft, file)) is None:
            continue
        check_single_resource(draft, file, part)
        origins.collect(part)
        if include := part.get("include"):
            draft.add(IncludeOutsideRootFile.of(draft.file.name, include.location))
            del part.value["include"]
        try:
            draft.tree = merge(draft.tree, part)
        except MergeError as clash:
            draft.add(clash.diagnostic)
    if included or root.get("include"):
        draft.tree.set([relative_name(file, draft.root) for file in included], "include")
    origins.check_duplicates(draft)


def _read(draft: Draft, file: Path) -> Node | None:
    try:
        source = load_source(file)
    except SourceError as error:
        draft.add(error.diagnostic)
        draft.has_unread_files = True
        return None
    draft.diagnostics.extend(source.warnings)
    draft.comments.extend(source.comments)
    node = source.node
    if node.value is None:
        node.value = {}
    draft.written_secrets += written_secrets(node)
    _expand_variable_shorthand(node)
    check_undefined_resources(draft, node)
    check_task_keys(draft, node)
    found: list[Diagnostic] = []
    normalised = normalise(node, "Root", (), found)
    _add_once(draft, found)
    return normalised


def _add_once(draft: Draft, found: list[Diagnostic]) -> None:
    """Add findings; an alias repeats its anchor's mistakes at the same place."""
    seen = {(finding.summary, finding.location) for finding in draft.diagnostics} if found else set()
    for finding in found:
        if (finding.summary, finding.location) not in seen:
            seen.add((finding.summary, finding.location))
            draft.diagnostics.append(finding)


def _expand_variable_shorthand(node: Node) -> None:
    """Write a target's `variables: {x: value}` out as `{x: {default: value}}`."""
    for path, variable in list(match(node, "targets.*.variables.*")):
        if variable.value is None or (variable.is_map and set(variable.value) in _DEFINITIONS):
            continue
        full = Node({"default": variable}, variable.locations)
        above = node.get(*path[:-1])
        assert above is not None  # `path` was found in `node`
        above.value[path[-1]] = full
