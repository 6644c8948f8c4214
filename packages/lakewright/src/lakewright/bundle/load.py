"""Loading a bundle: from a folder and a target to the resolved configuration.

The steps and their order are those of `databricks bundle validate`. What differs in `resolved`:

* no workspace is asked: `workspace.current_user` is the best guess and holds no id, `workspace.host` is only
  there when it is configured, and lookups by name stay unresolved;
* scripts are not executed, artifacts are not built; Python code (`python:`) is executed, without credentials of a workspace;
* dashboards, Genie spaces and alerts keep their `file_path`: their files are not read into the configuration;
* with a local overlay, `bundle.environment` is the overlay's environment, and `bundle.git.commit` ends in `-dirty`
  where tracked files have changes, or is `unknown` outside of git, and `mode: development` implies no name prefix;
* `served_models` of serving endpoints are not rewritten as `served_entities`, and the legacy mode of `run_as`
  (`experimental.use_legacy_run_as`) and `experimental.immutable_folder` are not followed;
* all mistakes are collected, where the CLI stops at the first step that finds one.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from lakewright.bundle.model.bundle import Bundle, LocalOverlay
from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.tree import Node, format_path, to_plain, walk
from lakewright.bundle.paths.artifacts import translate_artifacts
from lakewright.bundle.paths.sync_root import check_sync_root, infer_sync_root
from lakewright.bundle.paths.translate import translate_paths
from lakewright.bundle.python_code.hosting import shared_hosts
from lakewright.bundle.python_code.phases import apply_python, start_python
from lakewright.bundle.python_code.preparing import prepare_resources
from lakewright.bundle.reading.root_file import find_root
from lakewright.bundle.reading.sources import read_sources
from lakewright.bundle.refusals.bundle_root import check_bundle_root, check_folder_name
from lakewright.bundle.refusals.computed import check_computed_fields
from lakewright.bundle.refusals.exclusive_fields import check_exclusive_fields
from lakewright.bundle.refusals.needed import check_needed
from lakewright.bundle.refusals.scripts import check_scripts
from lakewright.bundle.refusals.secrets import check_secrets, sealed, without_secrets
from lakewright.bundle.refusals.sections import check_bundle_section, check_other_sections
from lakewright.bundle.refusals.volumes import check_volume_paths
from lakewright.bundle.resolving import catalog_objects, defaults, identity, modes, names, permissions
from lakewright.bundle.resolving.git import git_state
from lakewright.bundle.resolving.interpolation import resolve_references
from lakewright.bundle.resolving.targets import apply_target, choose_target
from lakewright.bundle.resolving.variables import set_variables
from lakewright.bundle.rules.targets.several_default_targets import SeveralDefaultTargets
from lakewright.bundle.schema.normalise import normalise
from lakewright.bundle.schema.open_structures import drop_open_structures
from lakewright.bundle.schema.required import check_resources


def load_bundle(  # noqa: PLR0913 - each says what the load is for
    root: Path,
    *,
    target: str | None = None,
    variables: Mapping[str, str] | None = None,
    local: LocalOverlay | None = None,
    environ: Mapping[str, str] | None = None,
    run_python: bool = True,
) -> Bundle:
    """Load the bundle that a folder belongs to and resolve it for one target.

    Mistakes in the bundle are diagnostics of the result, not exceptions, so that all of them can be shown;
    see `lakewright.bundle.raise_on_errors`.

    Args:
        root: A folder of the bundle, or its root file.
        target: The target; without one, that of `DATABRICKS_BUNDLE_TARGET`, or the default target.
        variables: Values of variables, as `--var` gives them.
        local: What a local run lays over the target.
        environ: Environment variables to use in place of the process's own.
        run_python: Whether the bundle's Python code (`python:`) may be executed; without it, `python_left_out` is set.

    Returns:
        The bundle, as far as it could be resolved.

    Raises:
        BundleNotFoundError: If no root file is found in the folder or above it.
    """
    with shared_hosts():
        return _resolve(_read(root, variables, local, environ, run_python=run_python), target)


def load_all_targets(
    root: Path,
    *,
    variables: Mapping[str, str] | None = None,
    local: LocalOverlay | None = None,
    environ: Mapping[str, str] | None = None,
    run_python: bool = True,
) -> tuple[Bundle, ...]:
    """Load the bundle that a folder belongs to and resolve it for every target; its files are read once.

    Args:
        root: A folder of the bundle, or its root file.
        variables: Values of variables, as `--var` gives them; they hold for every target.
        local: What a local run lays over each target.
        environ: Environment variables to use in place of the process's own.
        run_python: Whether the bundle's Python code (`python:`) may be executed; without it, `python_left_out` is set.

    Returns:
        One bundle for each target, in the order of the file; one without a target if the files cannot be read. A
        second default target is a finding of each, as it is without a named target.

    Raises:
        BundleNotFoundError: If no root file is found in the folder or above it.
    """
    with shared_hosts():
        read = _read(root, variables, local, environ, run_python=run_python)
        probe = replace(
            read, tree=Node(dict(read.tree.value)), diagnostics=[], known=set(), environ={}
        )  # choosing changes nothing below the sections
        choose_target(probe, None)
        if not probe.targets:
            return (_resolve(read, None),)
        read.diagnostics += [found for found in probe.diagnostics if found.code == SeveralDefaultTargets.code]
        return tuple(_resolve(_copy(read), target) for target in probe.targets)


def _read(
    root: Path,
    variables: Mapping[str, str] | None,
    local: LocalOverlay | None,
    environ: Mapping[str, str] | None,
    *,
    run_python: bool,
) -> Draft:
    """Return what the files of a bundle say, before a target is chosen."""
    file = find_root(Path(root))
    draft = Draft(
        root=file.parent,
        file=file,
        environ=os.environ if environ is None else environ,
        variables=dict(variables or {}),
        local=local,
        sync_root=file.parent,
        runs_python=run_python,
    )
    read_sources(draft)
    return draft


def _copy(draft: Draft) -> Draft:
    """Return a draft that can be resolved while the given one stays as it was read."""
    return replace(
        draft,
        tree=draft.tree.copy(),
        diagnostics=list(draft.diagnostics),
        comments=list(draft.comments),
        secret_lines=set(draft.secret_lines),
        known=set(),
    )


def _resolve(draft: Draft, target: str | None) -> Bundle:
    if not draft.tree.value and draft.has_errors:
        return _finish(draft)
    if choose_target(draft, target):
        apply_target(draft)
        _initialise(draft)
    return _finish(draft)


def _initialise(draft: Draft) -> None:
    """Take the tree of a chosen target through every step that leads to its final shape."""
    workspace = draft.tree.get("workspace")
    if workspace is None or workspace.value is None:
        draft.tree.value["workspace"] = Node({})
    start_python(draft)
    names.check_names(draft)
    check_folder_name(draft)
    check_bundle_root(draft)
    check_bundle_section(draft)
    check_scripts(draft)
    check_secrets(draft)
    check_computed_fields(draft)
    modes.check_unpaused_jobs(draft)
    infer_sync_root(draft)
    git = git_state(draft.root)
    check_sync_root(draft, git.worktree)
    identity.populate_user(draft, git)
    identity.populate_git(draft, git)
    identity.populate_workspace_paths(draft)
    names.strip_workspace_prefix(draft)
    set_variables(draft)
    resolve_references(draft)
    check_volume_paths(draft)
    normalised = normalise(draft.tree, "Root", (), draft.diagnostics)
    assert normalised is not None
    drop_open_structures(draft.tree, "Root")
    check_exclusive_fields(draft)
    identity.check_branch(draft)
    modes.apply_mode(draft)
    prepare_resources(draft)
    apply_python(draft)
    catalog_objects.fill_volume_paths(draft)
    defaults.drop_empty_strings(draft)
    check_resources(draft)
    check_other_sections(draft)
    check_needed(draft)
    defaults.drop_filled_in_keys(draft)
    translate_paths(draft)
    translate_artifacts(draft)
    modes.check_mode(draft)
    permissions.check_shared_root(draft)
    defaults.annotate(draft)


def _finish(draft: Draft) -> Bundle:
    tree = draft.tree
    tree.value.pop("targets", None)
    drop_open_structures(tree, "Root")
    locations = {
        format_path(path): tuple(sealed(draft, location) for location in node.locations)
        for path, node in walk(tree)
        if path and node.locations
    }
    mode = tree.text("bundle", "mode")
    return Bundle(
        root=draft.root,
        root_file=draft.file,
        name=tree.text("bundle", "name"),
        targets=draft.targets,
        target=draft.target,
        mode=mode or None,
        environment=tree.text("bundle", "environment") or draft.target,
        resolved=to_plain(tree),
        diagnostics=tuple(without_secrets(draft, found) for found in draft.diagnostics),
        sync_root=draft.sync_root,
        locations=locations,
        user_source=draft.user_source,
        comments=tuple(replace(each, location=sealed(draft, each.location)) for each in draft.comments),
        is_local=draft.local is not None,
        python_left_out=draft.python_left_out,
        written_secrets=draft.written_secrets,
    )
