"""LW909: Somebody has ALL PRIVILEGES in a production target."""

from lakewright.bundle.rules.base import GrantsRule


class AllPrivilegesInProduction(GrantsRule):
    """Somebody has ALL PRIVILEGES in a production target.

    ## What it does

    Reports each grant of `ALL_PRIVILEGES` in a production target (see LW906).

    ## Why is this bad?

    It gives everything that fits the object and what is in it, now and later: also what will be created, and privileges that
    Databricks adds to the list.

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
            - {principal: writers, privileges: [ALL_PRIVILEGES]}
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
            - {principal: writers, privileges: [USE_SCHEMA, SELECT, MODIFY, CREATE_TABLE]}
    ```

    ```console
    $ lakewright grants check -t prod
    ```
    """

    code = "LW909"
    name = "all-privileges-in-production"
    severity = "warning"
