"""From a folder to one tree: the root file is found, its includes are read and merged in order."""

import glob
import os
from pathlib import Path

from databricks_utils.nearest import did_you_mean
from lakewright.bundle.draft import Draft
from lakewright.bundle.merge import MergeError, merge
from lakewright.bundle.model import BundleNotFoundError, Diagnostic
from lakewright.bundle.notebooks import is_dir, is_file
from lakewright.bundle.schema import normalise, resource_types
from lakewright.bundle.tree import Node, match
from lakewright.bundle.yaml_source import SourceError, load_source

ROOT_FILES = ("databricks.yml", "databricks.yaml", "bundle.yml", "bundle.yaml")
_SUFFIXES = {".yml", ".yaml", ".json"}


def find_root(start: Path) -> Path:
    """Return the root file of the bundle that a folder belongs to.

    Args:
        start: A folder; it and the folders above it are searched. A root file itself is fine too.

    Raises:
        BundleNotFoundError: If there is none.
    """
    start = start.resolve()
    if start.is_file():
        return start
    for folder in (start, *start.parents):
        found = [folder / name for name in ROOT_FILES if (folder / name).is_file()]
        if len(found) > 1:
            names = ", ".join(file.name for file in found)
            raise BundleNotFoundError(
                f"multiple bundle root configuration files found in {folder}",
                detail=f"found {names}",
                location=str(folder),
                fix=f"keep {found[0].name} and remove the others",
            )
        if found:
            return found[0]
    raise BundleNotFoundError(
        "no bundle found here",
        detail=f"looked for {', '.join(ROOT_FILES)} in {start} and every folder above it",
        location=str(start),
        fix="change to the folder of your databricks.yml, or make a project with `lakewright init NAME`",
    )


def read_sources(draft: Draft) -> None:
    """Read the root file and everything it includes into `draft.tree`."""
    root = _read(draft, draft.file)
    if root is None:
        return
    draft.tree = root
    included = _included_files(draft, root.get("include"))
    origins: dict[str, list[Node]] = {}
    _collect_resources(root, origins)
    for file in included:
        if (part := _read(draft, file)) is None:
            continue
        _check_single_resource(draft, file, part)
        _collect_resources(part, origins)
        if include := part.get("include"):
            draft.warn(
                "Include section is defined outside root file",
                location=include.location,
                path="include",
                fix=f"move these includes to {draft.file.name}: only its own are followed",
            )
            del part.value["include"]
        try:
            draft.tree = merge(draft.tree, part)
        except MergeError as clash:
            draft.diagnostics.append(clash.diagnostic)
    if included or root.get("include"):
        draft.tree.set([_relative(file, draft.root) for file in included], "include")
    _check_duplicates(draft, origins)


def _add_once(draft: Draft, found: list[Diagnostic]) -> None:
    """Add what was found; an alias repeats its anchor's mistakes at the same place."""
    seen = {(finding.summary, finding.location) for finding in draft.diagnostics}
    for finding in found:
        if (finding.summary, finding.location) not in seen:
            seen.add((finding.summary, finding.location))
            draft.diagnostics.append(finding)


def _read(draft: Draft, file: Path) -> Node | None:
    try:
        node, warnings = load_source(file)
    except SourceError as error:
        draft.diagnostics.append(error.diagnostic)
        return None
    draft.diagnostics.extend(warnings)
    if node.value is None:
        node.value = {}
    _expand_variable_shorthand(node)
    _resource_sections(draft, node)
    _check_task_keys(draft, node)
    found: list[Diagnostic] = []
    brought = normalise(node, "Root", (), found)
    _add_once(draft, found)
    return brought


def _check_task_keys(draft: Draft, node: Node) -> None:
    """Warn of one key for two tasks of one list: merging by key would melt them into one."""
    for pattern in ("resources.jobs.*.tasks", "targets.*.resources.jobs.*.tasks"):
        for path, tasks in match(node, pattern):
            seen: dict[str, Node] = {}
            for task in tasks.elements():
                key = task.text("task_key")
                if key and key in seen:
                    first = seen[key].get("task_key")
                    draft.warn(
                        f"two tasks of the job {path[-2]} have the key `{key}`: they are merged into one",
                        location=task.get("task_key").location,  # type: ignore[union-attr]
                        path=".".join(map(str, path)),
                        related=first.locations[:1] if first else (),
                        fix="rename one of them",
                    )
                seen.setdefault(key, task)


def _included_files(draft: Draft, include: Node | None) -> list[Path]:
    files: list[Path] = []
    seen = {draft.root / name for name in ROOT_FILES}
    for index, entry in enumerate(include.elements() if include else []):
        pattern = str(entry.value)
        where = f"include[{index}]"
        if Path(pattern).is_absolute():
            draft.error(
                f"{pattern}: includes must be relative paths",
                location=entry.location,
                path=where,
                fix=f"write it relative to {draft.root}",
            )
            continue
        found = _glob(draft.root, pattern)
        if not found:
            _report_no_match(draft, pattern, entry, where)
        wrong = [file for file in found if file.suffix not in _SUFFIXES and file not in seen]
        for file in wrong:
            draft.error(
                "Files in the 'include' configuration section must be YAML or JSON files.",
                detail=f"{_relative(file, draft.root)} matches `{pattern}`",
                location=entry.location,
                path=where,
                fix="narrow the pattern (`resources/*.yml`); files to upload belong into `sync.include`",
            )
        for file in sorted(found):
            if file not in seen and file not in wrong:
                seen.add(file)
                files.append(file)
    return files


def _glob(root: Path, pattern: str) -> list[Path]:
    """Match as the CLI does: `**` is a plain `*`, and hidden files match."""
    steps = [root]
    for part in Path(pattern.replace("**", "*")).parts:
        if part == "..":
            steps = [step.parent for step in steps]
        elif glob.has_magic(part):
            steps = [child for step in steps if is_dir(step) for child in step.glob(part)]
        else:
            steps = [step / part for step in steps]
    return [step for step in steps if is_file(step)]


def _report_no_match(draft: Draft, pattern: str, entry: Node, where: str) -> None:
    python = draft.tree.plain("python", "resources") or draft.tree.plain(
        "experimental", "python", "resources"
    )
    if glob.has_magic(pattern) and python:
        return
    if glob.has_magic(pattern):
        draft.recommend(
            f"the include pattern `{pattern}` matches no file",
            location=entry.location,
            path=where,
            fix="remove it, or correct the folder's name",
        )
        return
    neighbours = (draft.root / pattern).parent
    names = [file.name for file in neighbours.iterdir()] if is_dir(neighbours) else []
    draft.error(
        f"{pattern or 'an empty name'} defined in 'include' section does not match any files",
        location=entry.location,
        path=where,
        fix=_missing_fix(draft.root, pattern, names),
    )


def _missing_fix(root: Path, pattern: str, names: list[str]) -> str:
    if not pattern:
        return "remove this entry"
    if is_dir(root / pattern):
        return f"a folder cannot be included: write `{pattern.rstrip('/')}/*.yml`"
    if os.path.islink(root / pattern):  # noqa: PTH114 (a name that is too long is no link, no error)
        return f"{pattern} is a link that leads nowhere: fix it or remove this line"
    return did_you_mean(Path(pattern).name, names) or f"create {pattern} or remove this line"


def _relative(file: Path, root: Path) -> str:
    if file.is_relative_to(root):
        return file.relative_to(root).as_posix()
    up = 0
    base = root
    while not file.is_relative_to(base):
        base = base.parent
        up += 1
    return "../" * up + file.relative_to(base).as_posix()


def _expand_variable_shorthand(node: Node) -> None:
    """Write a target's `variables: {x: value}` out as `{x: {default: value}}`."""
    for path, variable in list(match(node, "targets.*.variables.*")):
        if _is_definition(variable):
            continue
        full = Node({"default": variable}, variable.locations)
        node.get(*path[:-1]).value[path[-1]] = full  # type: ignore[union-attr]


def _is_definition(variable: Node) -> bool:
    if variable.value is None:
        return True
    if not variable.is_map:
        return False
    keys = set(variable.value)
    return keys in (
        {"default"},
        {"lookup"},
        {"default", "type"},
        {"default", "description"},
        {"lookup", "description"},
        {"default", "type", "description"},
    )


def _resource_sections(draft: Draft, node: Node) -> None:
    """Report resources without a value and sections that are not maps, before they are dropped."""
    for pattern in ("resources.*.*", "targets.*.resources.*.*"):
        for path, resource in match(node, pattern):
            if resource.value is None and path[0] == "resources":
                kind = str(path[-2])
                holder = node.get(*path[:-1])
                draft.error(
                    f"{kind.removesuffix('s')} {path[-1]} is not defined",
                    location=holder.keys.get(str(path[-1])) if holder else None,
                    path=".".join(map(str, path)),
                    fix="give it its fields below this line, or remove it",
                )


def _check_single_resource(draft: Draft, file: Path, part: Node) -> None:
    """Recommend one resource a file where the file's name (`*.job.yml`) promises it."""
    promised = [
        kind
        for kind in resource_types()
        if file.name.endswith((f".{_singular(kind)}.yml", f".{_singular(kind)}.yaml"))
    ]
    if not promised:
        return
    kind = promised[0]
    found = [
        (path[-2], path[-1], node)
        for pattern in ("resources.*.*", "targets.*.resources.*.*")
        for path, node in match(part, pattern)
    ]
    if all(section == kind for section, _, _ in found) and len({key for _, key, _ in found}) <= 1:
        return
    lines = sorted({f"- {key} ({_singular(str(section))})" for section, key, _ in found})
    draft.recommend(
        f"define a single {_singular(kind).replace('_', ' ')} in a file with the .{_singular(kind)}{file.suffix} extension.",
        detail="\n".join(["defined or configured in this file:", *lines]),
        location=found[0][2].location,
        related=[node.location for _, _, node in found[1:] if node.location],
        fix="move each into a file of its own",
    )


def _singular(kind: str) -> str:
    special = {"database_branches": "database_branch", "postgres_branches": "postgres_branch"}
    if kind == "vector_search_indexes":
        return "vector_search_index"
    return special.get(kind, kind.removesuffix("s"))


def _collect_resources(part: Node, origins: dict[str, list[Node]]) -> None:
    for path, node in match(part, "resources.*.*"):
        origins.setdefault(f"{path[1]}.{path[2]}", []).append(node)


def _check_duplicates(draft: Draft, origins: dict[str, list[Node]]) -> None:
    """Refuse one key for two resources, whether of one kind (two files) or of two."""
    by_key: dict[str, list[tuple[str, Node]]] = {}
    for name, nodes in origins.items():
        for node in nodes:
            by_key.setdefault(name.partition(".")[2], []).append((name, node))
    for key, uses in by_key.items():
        if len(uses) < 2:
            continue
        first, *others = (node.location for _, node in uses)
        names = ", ".join(f"resources.{name}" for name, _ in uses)
        draft.error(
            f"multiple resources or scripts have been defined with the same key: {key}",
            detail=f"{names}: the second stands at {others[0]}",
            location=first,
            related=[place for place in others if place],
            path=f"resources.{uses[0][0]}",
            fix="rename one of them, or define it once and override it under `targets`",
        )
