"""The steps that each resource takes once its values are known: those of YAML files before any code runs, new ones after it.

Source: https://github.com/databricks/cli/blob/main/bundle/config/mutator/resourcemutator/resource_mutator.go
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.tree import Node
from lakewright.bundle.paths.pipeline_globs import expand_pipeline_globs
from lakewright.bundle.python_code.changes import Key
from lakewright.bundle.reading.folding import fold_keyed_lists
from lakewright.bundle.reading.merge import MergeError
from lakewright.bundle.refusals.exclusive_fields import check_exclusive_fields
from lakewright.bundle.resolving import catalog_objects, defaults, permissions
from lakewright.bundle.resolving.interpolation import resolve_references
from lakewright.bundle.resolving.presets import apply_presets
from lakewright.bundle.schema.normalise import normalise
from lakewright.bundle.schema.open_structures import drop_open_structures


def prepare_resources(draft: Draft) -> None:
    """Take resources whose references are resolved to the shape that code sees: lists merged, presets, defaults, permissions."""
    _normalise_lists(draft)
    permissions.apply_run_as(draft)
    apply_presets(draft)
    defaults.fill_defaults(draft)
    permissions.apply_permissions(draft)


def prepare_added(draft: Draft, added: Collection[Key]) -> None:
    """Take the resources that code has added through all steps."""
    if not added:
        return
    with _only(draft, added):
        _resolve(draft)
        prepare_resources(draft)


def prepare_updated(draft: Draft, updated: Collection[Key]) -> None:
    """Take the resources that code has changed through the steps that may run twice."""
    if not updated:
        return
    with _only(draft, updated):
        _resolve(draft)
        _normalise_lists(draft)
        defaults.fit_clusters(draft)
        permissions.complete_permissions(draft)


def _normalise_lists(draft: Draft) -> None:
    expand_pipeline_globs(draft)
    try:
        fold_keyed_lists(draft.tree)
    except MergeError as clash:
        draft.add(clash.diagnostic)
    catalog_objects.capture_dependencies(draft)


def _resolve(draft: Draft) -> None:
    resolve_references(draft, sections=("resources",))
    section = draft.tree.value["resources"]
    normalise(section, "Resources", ("resources",), draft.diagnostics)
    drop_open_structures(section, "Resources")
    check_exclusive_fields(draft)


@contextmanager
def _only(draft: Draft, keys: Collection[Key]) -> Iterator[None]:
    """Show only some resources to the steps of a block, as the CLI does."""
    chosen = list(keys)
    everything = draft.tree.get("resources") or Node({})
    selected = Node({}, everything.locations)
    for kind, key in chosen:
        section = everything.value[kind]
        shown = selected.value.setdefault(kind, Node({}, section.locations, section.keys))
        shown.value[key] = section.value[key]
    draft.tree.value["resources"] = selected
    try:
        yield
    finally:
        for kind, key in chosen:
            prepared = selected.get(kind, key)
            if prepared is not None:
                everything.value[kind].value[key] = prepared
            elif kind in selected.value:  # of a wrong type, which is reported
                del everything.value[kind].value[key]
            else:  # of a kind that nobody knows, which is reported
                everything.value.pop(kind, None)
        draft.tree.value["resources"] = everything
