"""LW907: A grant has no effect: USE CATALOG or USE SCHEMA is missing."""

from lakewright.bundle.rules.base import GrantsRule


class GrantWithoutUse(GrantsRule):
    """A grant has no effect: USE CATALOG or USE SCHEMA is missing.

    ## What it does

    Looks for `USE_CATALOG` and `USE_SCHEMA` of whom a grant names, of the groups that contain it and of `account users`, on the
    object and above it. A group's grant counts as used if one of its known members has them. A catalog or a schema that the
    bundle does not declare is assumed to be usable by everybody.

    ## Why is this bad?

    Who was granted `SELECT` on a table cannot read it without USE on its schema and its catalog. `BROWSE` and, where it is
    held, `MANAGE` need none.

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
            - {principal: readers, privileges: [SELECT]}
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
    ```

    ```console
    $ lakewright grants check -t prod
    ```
    """

    code = "LW907"
    name = "grant-without-use"
    severity = "warning"
