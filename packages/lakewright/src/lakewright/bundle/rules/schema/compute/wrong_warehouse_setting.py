"""LW318: A SQL warehouse has settings that exclude each other or lie outside of their range.

Source: databricks-sdk, `CreateWarehouseRequest`: auto_stop_mins, min_num_clusters, max_num_clusters, warehouse_type, name.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import BundleRule

_MOST_CLUSTERS = 40
_LONGEST_NAME = 100
_SHORTEST_STOP = 10


class WrongWarehouseSetting(BundleRule):
    """A SQL warehouse has settings that exclude each other or lie outside of their range.

    ## What it does

    Reports `auto_stop_mins` from 1 to 9 of a warehouse that says it is not serverless, `min_num_clusters` above `max_num_clusters`,
    more than 40 clusters, a name of 100 characters or more, and serverless compute with `warehouse_type: CLASSIC`.

    ## Why is this bad?

    The API refuses the warehouse, and the Databricks CLI does not look.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      sql_warehouses:
        reports: {name: reports, cluster_size: Small, min_num_clusters: 3, max_num_clusters: 2}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      sql_warehouses:
        reports: {name: reports, cluster_size: Small, min_num_clusters: 1, max_num_clusters: 2}
    ```
    """

    code = "LW318"
    name = "wrong-warehouse-setting"
    severity = "error"

    def check(self, view: BundleView) -> Iterator[Diagnostic]:
        """Yield each setting of a warehouse that the API refuses."""
        for key, warehouse in view.resources("sql_warehouses").items():
            for field, problem, fix in _problems(warehouse):
                yield self.at(view, f"resources.sql_warehouses.{key}.{field}", problem, fix=fix)


def _problems(warehouse: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    serverless = warehouse.get("enable_serverless_compute")
    is_classic = (
        serverless is False or warehouse.get("warehouse_type") == "CLASSIC"
    )  # else the workspace decides
    stop, fewest, most = (
        warehouse.get(field) for field in ("auto_stop_mins", "min_num_clusters", "max_num_clusters")
    )
    if isinstance(stop, int) and 0 < stop < _SHORTEST_STOP and is_classic:
        yield (
            "auto_stop_mins",
            f"a warehouse without serverless compute stops after 10 minutes or more, not {stop}",
            "write 10 or more",
        )
    if isinstance(fewest, int) and isinstance(most, int) and fewest > most:
        yield (
            "min_num_clusters",
            f"`min_num_clusters: {fewest}` is above `max_num_clusters: {most}`",
            "write the smaller number first",
        )
    if isinstance(most, int) and most > _MOST_CLUSTERS:
        yield (
            "max_num_clusters",
            f"a warehouse has {_MOST_CLUSTERS} clusters at most, not {most}",
            f"write {_MOST_CLUSTERS} or fewer",
        )
    if len(str(warehouse.get("name") or "")) >= _LONGEST_NAME:
        yield "name", f"the name of a warehouse is shorter than {_LONGEST_NAME} characters", "shorten it"
    if serverless is True and warehouse.get("warehouse_type") == "CLASSIC":
        yield (
            "warehouse_type",
            "a warehouse with serverless compute cannot be `CLASSIC`",
            "write `warehouse_type: PRO`",
        )
