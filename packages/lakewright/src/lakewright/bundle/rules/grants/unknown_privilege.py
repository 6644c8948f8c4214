"""LW901: A grant names a privilege that does not exist."""

from lakewright.bundle.rules.base import GrantsRule


class UnknownPrivilege(GrantsRule):
    """A grant names a privilege that does not exist.

    ## What it does

    Compares the privileges of each grant with those of Unity Catalog. Old names of the Hive metastore, such as `USAGE`, do not
    exist there.

    ## Why is this bad?

    The deployment fails. With an engine that does not check it, the grant is missing, and whoever needs it finds out in
    production.

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
            - {principal: readers, privileges: [USE_SCHEMA, SELEKT]}
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

    code = "LW901"
    name = "unknown-privilege"
    severity = "error"
    fixable = "if one name is similar"
