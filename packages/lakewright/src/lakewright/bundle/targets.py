"""Choosing a target and laying its section over the whole."""

from databricks_utils.nearest import did_you_mean, listing
from lakewright.bundle.draft import Draft
from lakewright.bundle.merge import MergeError, merge
from lakewright.bundle.tree import Node

_MERGED = ("bundle", "workspace", "artifacts", "resources", "sync", "permissions", "presets")
_MODES = ("development", "production")


def choose_target(draft: Draft, wanted: str | None) -> bool:
    """Set `draft.target`: the wanted one, the only one, or the one marked as default."""
    targets = _targets(draft)
    names = [name for name, _ in targets.items()]
    if wanted:
        if wanted not in names:
            draft.error(
                f"{wanted}: no such target",
                detail=f"available targets: {listing(names)}",
                path="targets",
                fix=did_you_mean(wanted, names) or f"choose one of them: `-t {names[0]}`",
            )
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
    if defaults:
        draft.error(
            f"multiple targets are marked as default ({', '.join(defaults)})",
            path=f"targets.{defaults[1]}.default",
            fix=f"keep `default: true` in one of them, or choose with `-t {defaults[0]}`",
        )
    else:
        draft.error(
            "please specify target: none is marked as default",
            detail=f"available targets: {listing(names)}",
            path="targets",
            fix=f"add `default: true` to one of them, or choose with `-t {names[0]}`",
        )
    return False


def _targets(draft: Draft) -> Node:
    """Return the targets; the old name `environments` counts, and without any there is `default`."""
    old = draft.tree.value.pop("environments", None)
    if old is not None and draft.tree.get("targets") is None:
        draft.tree.value["targets"] = old
    elif old is not None:
        draft.error(
            "both 'environments' and 'targets' are specified; only 'targets' should be used",
            location=old.location,
            path="environments",
            fix="move what is under `environments` to `targets`",
        )
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
            if (override := target.get(section)) is not None:
                base = draft.tree.get(section)
                draft.tree.value[section] = merge(base, override, (section,)) if base else override
    except MergeError as clash:
        draft.diagnostics.append(clash.diagnostic)
    _apply_variables(draft, target.get("variables"))
    if (run_as := target.get("run_as")) is not None:
        draft.tree.value["run_as"] = run_as
    _apply_bundle_fields(draft, target)


def _apply_variables(draft: Draft, overrides: Node | None) -> None:
    declared = draft.tree.get("variables")
    if declared is None or not declared.is_map:
        declared = Node({})
    for name, override in overrides.items() if overrides else []:
        variable = declared.get(name)
        if variable is None:
            draft.error(
                f"variable {name} is not defined but is assigned a value",
                location=overrides.keys.get(name) if overrides else None,
                path=f"targets.{draft.target}.variables.{name}",
                fix=did_you_mean(name, declared.value)
                or f"declare it: `variables: {{{name}: {{description: …}}}}`",
            )
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
            draft.error(
                f"unsupported value '{mode.value}' specified for 'mode': must be either 'development' or 'production'",
                location=mode.location,
                path=f"targets.{draft.target}.mode",
                fix=did_you_mean(str(mode.value), _MODES)
                or "write `mode: development` or `mode: production`",
            )
    if (cluster := target.get("cluster_id") or target.get("compute_id")) is not None:
        bundle.value["cluster_id"] = cluster
    if (git := target.get("git")) is not None:
        base = bundle.get("git")
        bundle.value["git"] = merge(base, git) if base else git
    bundle.value["target"] = Node(draft.target)
    bundle.value["environment"] = Node(draft.local.environment if draft.local else draft.target)
