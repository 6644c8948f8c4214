"""LW905: A BI tool can change data."""

from lakewright.bundle.rules.base import GrantsRule


class BiPrincipalCanWrite(GrantsRule):
    """A BI tool can change data.

    ## What it does

    Looks at the principal that `principals.bi` of `config/<environment>.yaml` names, and at the service principals in that
    group. Neither they nor a group that they are in may be granted `MODIFY`, `WRITE_VOLUME`, `MANAGE`, `ALL_PRIVILEGES` or a
    privilege that creates something, and none of them may own an object. Whether they have USE does not matter. Users in the
    group may write through another group.

    ## Why is this bad?

    Dashboards are built by many people and run with one account. Whoever can edit a query there could change the data.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    targets: {prod: {}}
    resources:
      schemas:
        gold:
          catalog_name: prod_shop
          name: gold
          grants:
            - {principal: readers, privileges: [USE_SCHEMA, SELECT]}
            - {principal: dashboards, privileges: [USE_SCHEMA, SELECT, MODIFY]}
    ```

    ```yaml config/prod.yaml
    principals:
      readers: readers
      bi: dashboards
    ```

    ```console
    $ lakewright grants check -t prod
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    targets: {prod: {}}
    resources:
      schemas:
        gold:
          catalog_name: prod_shop
          name: gold
          grants:
            - {principal: readers, privileges: [USE_SCHEMA, SELECT]}
            - {principal: dashboards, privileges: [USE_SCHEMA, SELECT]}
    ```

    ```yaml config/prod.yaml
    principals:
      readers: readers
      bi: dashboards
    ```

    ```console
    $ lakewright grants check -t prod
    ```
    """

    code = "LW905"
    name = "bi-principal-can-write"
    severity = "error"
