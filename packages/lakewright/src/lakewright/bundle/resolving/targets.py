"""Choosing a target, and merging its section into the whole."""

from lakewright.bundle.model.draft import Draft
from lakewright.bundle.model.tree import Node
from lakewright.bundle.reading.merge import MergeError, merge
from lakewright.bundle.rules.targets.environments_and_targets import EnvironmentsAndTargets
from lakewright.bundle.rules.targets.no_default_target import NoDefaultTarget
from lakewright.bundle.rules.targets.several_default_targets import SeveralDefaultTargets
from lakewright.bundle.rules.targets.unknown_mode import UnknownMode
from lakewright.bundle.rules.targets.unknown_target import UnknownTarget
from lakewright.bundle.rules.variables.undeclared_variable import UndeclaredVariable

_MERGED = ("bundle", "workspace", "artifacts", "resources", "sync", "permissions", "presets")
# The first one that is set counts, also if it is empty. Source: databricks/cli, bundle/env/target.go.
_VARIABLES = ("DATABRICKS_BUNDLE_TARGET", "DATABRICKS_BUNDLE_ENV")
_MODES = ("development", "production")


def choose_target(draft: Draft, wanted: str | None) -> bool:
    """Set `draft.target`: the wanted one, that of the environment, the only one, or the one marked as default."""
    variable = None if wanted else next((name for name in _VARIABLES if name in draft.environ), None)
    wanted = draft.environ[variable] if variable else wanted
    targets = _targets(draft)
    names = [name for name, _ in targets.items()]
    draft.targets = tuple(names)
    if wanted:
        if wanted not in names:
            draft.add(UnknownTarget.of(wanted, names, variable))
            return False
        draft.target = wanted
        return True
    if len(names) == 1:
        draft.target = names[0]
        return True
    defaults = [name for name, node in targets.items() if node.plain("default") is True]
    if len(defaults) == 1:
        draft.target = defaults[0]
        return True
    draft.add(SeveralDefaultTargets.of(defaults) if defaults else NoDefaultTarget.of(names))
    return False


def _targets(draft: Draft) -> Node:
    """Return the targets; the old name `environments` counts, and without any there is `default`."""
    old = draft.tree.value.pop("environments", None)
    if old is not None and draft.tree.get("targets") is None:
        draft.tree.value["targets"] = old
    elif old is not None:
        draft.add(EnvironmentsAndTargets.of(old.location))
    targets = draft.tree.get("targets")
    if targets is None or not targets.is_map or not targets.value:
        targets = Node({"default": Node({})})
        draft.tree.value["targets"] = targets
    return targets


def apply_target(draft: Draft) -> None:
    """Merge the chosen target into the tree and drop the others."""
    target = draft.tree.value.pop("targets").get(draft.target)
    if target.value is None:
        target = Node({}, target.locations)
    draft.target_node = target.copy()
    try:
        for section in _MERGED:
            if (override := target.get(section)) is not None and override.value is not None:
                base = draft.tree.get(section)
                draft.tree.value[section] = merge(base, override, (section,)) if base else override
    except MergeError as clash:
        draft.add(clash.diagnostic)
    _apply_variables(draft, target.get("variables"))
    if (run_as := target.get("run_as")) is not None and run_as.value is not None:
        draft.tree.value["run_as"] = run_as
    _apply_bundle_fields(draft, target)


def _apply_variables(draft: Draft, overrides: Node | None) -> None:
    declared = draft.tree.get("variables")
    if declared is None or not declared.is_map:
        declared = Node({})
    for name, override in overrides.items() if overrides else []:
        variable = declared.get(name)
        if variable is None and draft.has_unread_files:
            continue
        if variable is None:
            place = overrides.keys.get(name) if overrides else None
            draft.add(UndeclaredVariable.of_target(name, declared.value, draft.target, place))
            continue
        if not variable.is_map:
            variable.value = {}
        for field, other in (("default", "lookup"), ("lookup", "default")):
            if (value := override.get(field)) is not None:
                variable.value[field] = value
                variable.value.pop(other, None)


def _apply_bundle_fields(draft: Draft, target: Node) -> None:
    bundle = draft.tree.get("bundle")
    if bundle is None or not bundle.is_map:
        bundle = Node({})
        draft.tree.value["bundle"] = bundle
    mode = target.get("mode")
    if mode is not None:
        bundle.value["mode"] = mode
        if mode.value not in _MODES:
            draft.add(UnknownMode.of(str(mode.value), _MODES, draft.target, mode.location))
    if (cluster := target.get("cluster_id") or target.get("compute_id")) is not None:
        bundle.value["cluster_id"] = cluster
    if (git := target.get("git")) is not None:
        base = bundle.get("git")
        bundle.value["git"] = merge(base, git) if base else git
    bundle.value["target"] = Node(draft.target)
    bundle.value["environment"] = Node(draft.local.environment if draft.local else draft.target)
