"""The files that a root file includes, in the order in which they are merged."""

import glob
import os
from pathlib import Path

from databricks_utils.nearest import did_you_mean, nearest
from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.tree import Node
from lakewright.bundle.reading.disk import is_dir, is_file
from lakewright.bundle.reading.root_file import ROOT_FILES
from lakewright.bundle.rules.files.includes.absolute_include import AbsoluteInclude
from lakewright.bundle.rules.files.includes.include_of_other_file_type import IncludeOfOtherFileType
from lakewright.bundle.rules.files.includes.include_pattern_without_match import IncludePatternWithoutMatch
from lakewright.bundle.rules.files.includes.missing_include import MissingInclude

_SUFFIXES = {".yml", ".yaml", ".json"}


def included_files(draft: Draft, include: Node | None) -> list[Path]:
    """Return the files that an `include` section names; what is wrong with it is added to the draft."""
    files: list[Path] = []
    seen = {draft.root / name for name in ROOT_FILES}
    for index, entry in enumerate(include.elements() if include else []):
        pattern = str(entry.value)
        where = f"include[{index}]"
        if Path(pattern).is_absolute():
            draft.add(AbsoluteInclude.of(pattern, draft.root, entry.location, where))
            continue
        found = _glob(draft.root, pattern)
        if not found:
            _report_no_match(draft, pattern, entry, where)
        wrong = [file for file in found if file.suffix not in _SUFFIXES and file not in seen]
        for file in wrong:
            name = relative_name(file, draft.root)
            draft.add(IncludeOfOtherFileType.of(name, pattern, entry.location, where))
        for file in sorted(found):
            if file not in seen and file not in wrong:
                seen.add(file)
                files.append(file)
    return files


def relative_name(file: Path, root: Path) -> str:
    """Return a file's name relative to a folder, with `../` where it lies outside of it."""
    if file.is_relative_to(root):
        return file.relative_to(root).as_posix()
    up = 0
    base = root
    while not file.is_relative_to(base):
        base = base.parent
        up += 1
    return "../" * up + file.relative_to(base).as_posix()


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
    if not glob.has_magic(pattern):
        draft.add(MissingInclude.of(pattern, _missing_fix(draft.root, pattern), entry.location, where))
    elif not draft.may_get_resources:
        _report_pattern(draft, pattern, entry, where)


def _report_pattern(draft: Draft, pattern: str, entry: Node, where: str) -> None:
    """Report a pattern without a match: a missing folder is a mistake, an empty one may be meant."""
    folder, missing = _searched_folder(draft.root, pattern)
    if not missing:
        draft.add(IncludePatternWithoutMatch.of_empty_folder(pattern, entry.location, where))
        return
    names = [child.name for child in folder.iterdir() if child.is_dir()]
    near = [pattern.replace(missing, name, 1) for name in nearest(missing, names)]
    shown = relative_name(folder / missing, draft.root)
    draft.add(IncludePatternWithoutMatch.of(pattern, shown, near, entry.location, where))


def _searched_folder(root: Path, pattern: str) -> tuple[Path, str]:
    """Return the folder that a pattern searches, and an empty text; if it is missing, its parent and the missing name."""
    folder = root
    for part in Path(pattern).parts[:-1]:
        if glob.has_magic(part):
            break
        if not is_dir(folder / part):
            return folder, part
        folder /= part
    return folder, ""


def _missing_fix(root: Path, pattern: str) -> str:
    if not pattern:
        return "remove this entry"
    if is_dir(root / pattern):
        return f"a folder cannot be included: write `{pattern.rstrip('/')}/*.yml`"
    if os.path.islink(root / pattern):  # noqa: PTH114 - a name that is too long is no link, no error
        return f"{pattern} is a link that leads nowhere: fix it or remove this line"
    neighbours = (root / pattern).parent
    names = [file.name for file in neighbours.iterdir()] if is_dir(neighbours) else []
    return did_you_mean(Path(pattern).name, names) or f"create {pattern} or remove this line"
