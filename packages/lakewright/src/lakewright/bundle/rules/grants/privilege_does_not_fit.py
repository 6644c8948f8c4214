"""LW902: A privilege cannot be granted on this kind of object."""

from lakewright.bundle.rules.base import GrantsRule


class PrivilegeDoesNotFit(GrantsRule):
    """A privilege cannot be granted on this kind of object.

    ## What it does

    Compares each privilege with the kinds of objects that it can be granted on: `USE_CATALOG` fits a catalog only,
    `READ_VOLUME` a volume and what holds it.

    ## Why is this bad?

    The workspace refuses the grant.

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
            - {principal: readers, privileges: [USE_CATALOG]}
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
            - {principal: readers, privileges: [USE_SCHEMA]}
    ```

    ```console
    $ lakewright grants check -t prod
    ```
    """

    code = "LW902"
    name = "privilege-does-not-fit"
    severity = "error"
