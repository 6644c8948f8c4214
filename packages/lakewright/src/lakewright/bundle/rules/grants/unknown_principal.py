"""LW903: A grant names a principal that the configuration does not know."""

from lakewright.bundle.rules.base import GrantsRule


class UnknownPrincipal(GrantsRule):
    """A grant names a principal that the configuration does not know.

    ## What it does

    If `principals` of `config/<environment>.yaml` names any role, user or group, compares whom grants name with them, with
    the `run_as` of jobs and pipelines, and with `account users`. Without such names only
    `users` and `admins` are reported: they are groups of the workspace, and privileges are granted to groups of the account.

    ## Why is this bad?

    The workspace refuses a name that it does not know. A misspelled name that exists gives access to somebody else.

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
            - {principal: raeders, privileges: [USE_SCHEMA, SELECT]}
    ```

    ```yaml config/prod.yaml
    principals:
      readers: readers
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

    ```yaml config/prod.yaml
    principals:
      readers: readers
    ```

    ```console
    $ lakewright grants check -t prod
    ```
    """

    code = "LW903"
    name = "unknown-principal"
    severity = "error"
    fixable = "if one name is similar"
