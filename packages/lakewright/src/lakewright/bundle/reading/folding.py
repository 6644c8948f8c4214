"""Lists whose elements have a key of their own (tasks, job clusters, parameters …) are merged by that key.

A job's `environments` are not: the CLI joins the two lists. Source: databricks/cli 1.13, `bundle/config/mutator/resourcemutator`,
which has a merge for clusters, parameters and tasks only.
"""

from collections.abc import Callable

from lakewright.bundle.model.tree import Node, match
from lakewright.bundle.reading.merge import merge

# Where a list's elements are folded, and by which of their fields.
_FOLDED = (
    ("resources.jobs.*.job_clusters", "job_cluster_key"),
    ("resources.jobs.*.parameters", "name"),
    ("resources.jobs.*.tasks", "task_key"),
    ("resources.pipelines.*.clusters", "label"),
    ("resources.apps.*.resources", "name"),
)
_SORTED = {"tasks"}
_GRANT_HOLDERS = (
    "catalogs",
    "schemas",
    "external_locations",
    "volumes",
    "registered_models",
    "vector_search_indexes",
)


def fold_keyed_lists(root: Node) -> None:
    """Merge the elements of keyed lists that have the same key, as the CLI does after choosing a target.

    Tasks are then in the order of their keys, which is what `bundle validate` prints. Elements from one and
    the same list literal that share a key are found by the lint, which sees both places.
    """
    for pattern, key in _FOLDED:
        for path, node in match(root, pattern):
            if node.is_list:
                name = str(path[-1])
                default = "default" if key == "label" else ""
                node.value = _fold(node, key, default, str.lower if key == "label" else str)
                if name in _SORTED:
                    node.value.sort(key=lambda element: element.text("task_key"))
    for kind in _GRANT_HOLDERS:
        for _, node in match(root, f"resources.{kind}.*.grants"):
            _fold_grants(node)


def _fold(node: Node, key: str, default: str, canonical: Callable[[str], str]) -> list[Node]:
    folded: dict[str, Node] = {}
    for element in node.elements():
        if not element.is_map:
            continue
        name = canonical(element.text(key) or default)
        folded[name] = merge(folded[name], element) if name in folded else element
        element_key = folded[name].get(key)
        folded[name].value[key] = Node(name, element_key.locations if element_key else ())
    return list(folded.values())


def _fold_grants(node: Node) -> None:
    folded: dict[str, Node] = {}
    for element in node.elements():
        name = element.text("principal")
        folded[name] = merge(folded[name], element) if name in folded else element
    for element in folded.values():
        privileges = element.get("privileges")
        if privileges and privileges.is_list:
            seen: dict[str, Node] = {}
            for privilege in privileges.elements():
                seen.setdefault(str(privilege.value), privilege)
            privileges.value = list(seen.values())
    node.value = list(folded.values())
