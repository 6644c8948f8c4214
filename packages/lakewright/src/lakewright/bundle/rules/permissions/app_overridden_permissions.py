"""LW525: A resource that an app uses has permissions without the app.

Source: databricks/cli, bundle/apps/validate.go, and its issue 4309.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.model.references import references
from lakewright.bundle.rules.base import BundleRule

_USED = {  # what an app uses: the field that names it
    "job": "id",
    "sql_warehouse": "id",
    "serving_endpoint": "name",
    "experiment": "experiment_id",
}


class AppOverriddenPermissions(BundleRule):
    """A resource that an app uses has permissions without the app.

    ## What it does

    Reports jobs, SQL warehouses, serving endpoints and experiments of the bundle that are `resources` of an app, and whose
    `permissions` do not name the app's service principal. Permissions of the bundle or the target count too.

    ## Why is this bad?

    The deployment of the app gives its service principal the permission. The next deployment sets the permissions of the
    resource to what the bundle declares, and takes it away: the app stops working. The Databricks CLI warns too.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources:
      sql_warehouses: {main: {name: main, permissions: [{level: CAN_USE, group_name: users}]}}
      apps:
        shop:
          name: shop
          source_code_path: .
          resources: [{name: warehouse, sql_warehouse: {id: "${resources.sql_warehouses.main.id}", permission: CAN_USE}}]
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources:
      sql_warehouses:
        main:
          name: main
          permissions:
            - {level: CAN_USE, group_name: users}
            - {level: CAN_USE, service_principal_name: "${resources.apps.shop.service_principal_client_id}"}
      apps:
        shop:
          name: shop
          source_code_path: .
          resources: [{name: warehouse, sql_warehouse: {id: "${resources.sql_warehouses.main.id}", permission: CAN_USE}}]
    ```
    """

    code = "LW525"
    name = "app-overridden-permissions"
    severity = "warning"

    def check(self, view: BundleView) -> Iterator[Diagnostic]:
        """Yield a finding for each resource that an app uses and would lose."""
        for key, app in view.resources("apps").items():
            principal = f"${{resources.apps.{key}.service_principal_client_id}}"
            for index, used in enumerate(app.get("resources") or []):
                for field, reference, level in _uses(used):
                    for kind, name in _named(reference):
                        permissions = view.resources(kind).get(name, {}).get("permissions") or []
                        if not permissions or principal in map(_principal, permissions):
                            continue
                        yield self.at(
                            view,
                            f"resources.apps.{key}.resources[{index}].{field}",
                            f"the next deployment takes {kind}.{name} away from the app {key}",
                            detail=f"the `permissions` of resources.{kind}.{name} do not name the app's service principal",
                            fix=f'add to them: `- {{level: {level}, service_principal_name: "{principal}"}}`',
                        )


def _uses(used: object) -> Iterator[tuple[str, str, str]]:
    """Yield for a resource of an app its kind, what it refers to and the permission that it asks for."""
    if isinstance(used, dict):
        for field, name in _USED.items():
            part = used.get(field)
            if isinstance(part, dict):
                yield field, str(part.get(name) or ""), str(part.get("permission") or "…")


def _named(text: str) -> Iterator[tuple[str, str]]:
    for found in references(text):
        if found.path[0] == "resources" and len(found.path) > 3:
            yield str(found.path[1]), str(found.path[2])


def _principal(entry: Mapping[str, Any]) -> object:
    return entry.get("service_principal_name") if isinstance(entry, dict) else None
