"""LW908: A person owns objects of a production target."""

from lakewright.bundle.rules.base import GrantsRule


class PersonOwnsProduction(GrantsRule):
    """A person owns objects of a production target.

    ## What it does

    In a production target (see LW906), looks at the `run_as` of jobs and pipelines, who own the tables that they make; and at
    who deploys, if `DATABRICKS_CURRENT_USER` or `DATABRICKS_CLIENT_ID` names them, who owns schemas, volumes and models.

    ## Why is this bad?

    An owner may do everything, and nobody sees it among the grants. When the person leaves, jobs and views that run with their
    rights stop.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    targets: {prod: {}}
    resources:
      jobs:
        load: {name: load, run_as: {user_name: ana@example.org}}
      schemas:
        gold:
          catalog_name: prod_shop
          name: gold
          grants:
            - {principal: ana@example.org, privileges: [USE_SCHEMA, CREATE_TABLE]}
    ```

    ```console
    $ lakewright grants check -t prod
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    targets: {prod: {}}
    resources:
      jobs:
        load: {name: load, run_as: {service_principal_name: loader}}
      schemas:
        gold:
          catalog_name: prod_shop
          name: gold
          grants:
            - {principal: loader, privileges: [USE_SCHEMA, CREATE_TABLE]}
    ```

    ```console
    $ lakewright grants check -t prod
    ```
    """

    code = "LW908"
    name = "person-owns-production"
    severity = "warning"
