"""LW236: Resources refer to each other in a circle.

Source: databricks/cli, bundle/direct/bundle_plan.go (what a node is and what it waits for) and libs/dagrun/dagrun.go.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from lakewright.bundle.jobs.cycles import find_cycle
from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.model.references import references
from lakewright.bundle.rules.base import BundleRule

_OWN_NODES = ("permissions", "grants")  # deployed after their resource, so that they may refer to it


class CyclicResources(BundleRule):
    """Resources refer to each other in a circle.

    ## What it does

    Follows `${resources.…}` from resource to resource, whatever the field. Reports one circle. References in `permissions` and
    `grants` do not count: they are deployed after their resource. Jobs that run each other in a circle are LW605.

    ## Why is this bad?

    A deployment makes a resource after those that it refers to. In a circle no resource can be the first one, and the deployment
    fails. `databricks bundle validate` does not look for it.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load: {name: load, description: "before ${resources.jobs.main.id}"}
        main: {name: main, description: "after ${resources.jobs.load.id}"}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      jobs:
        load: {name: load}
        main: {name: main, description: "after ${resources.jobs.load.id}"}
    ```
    """

    code = "LW236"
    name = "cyclic-resources"
    severity = "error"

    def check(self, view: BundleView) -> Iterator[Diagnostic]:
        """Yield a finding about the first reference of a circle."""
        places = dict(_edges(view))
        graph: dict[str, list[str]] = {}
        for resource, other in places:
            graph.setdefault(resource, []).append(other)
        cycle = find_cycle(graph)
        if not cycle:
            return
        path, text = places[cycle[0], cycle[1]]
        if all(places[edge][0].endswith(".run_job_task.job_id") for edge in pairwise(cycle)):
            return  # LW605
        yield self.at(
            view,
            path,
            f"the resource refers to itself: {text}"
            if len(cycle) == 2
            else f"resources refer to each other in a circle: {' → '.join(cycle)}",
            fix="write the value in place of the reference, or remove the reference",
        )


def _edges(view: BundleView) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Yield for each reference the resource that holds it and the one that it names, then its place and its text."""
    sections = view.bundle.resolved.get("resources") or {}
    for kind in sections:
        for key, resource in view.resources(kind).items():
            node = f"{kind}.{key}"
            fields = {field: value for field, value in resource.items() if field not in _OWN_NODES}
            for path, text in _texts(fields, f"resources.{node}"):
                for found in references(text):
                    steps = found.path
                    if (
                        steps[0] != "resources"
                        or len(steps) < 3
                        or steps[3:4] in {(own,) for own in _OWN_NODES}
                    ):
                        continue
                    yield (node, f"{steps[1]}.{steps[2]}"), (path, found.text)


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any part of a resource
    if isinstance(value, str):
        if "${resources." in value:
            yield path, value
    elif isinstance(value, dict):
        for key, child in value.items():
            yield from _texts(child, f"{path}.{key}")
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _texts(child, f"{path}[{index}]")
