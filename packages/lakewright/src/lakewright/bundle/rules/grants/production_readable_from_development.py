"""LW906: What runs in development can read production."""

from lakewright.bundle.rules.base import GrantsRule


class ProductionReadableFromDevelopment(GrantsRule):
    """What runs in development can read production.

    ## What it does

    Looks at each production target with the principals of each development target. A production target is named `prod` or
    `production`; in a bundle without one, each with `mode: production` is. A development target has `mode: development`, or is
    named `dev` or `development`. Principals of development are those that its jobs and pipelines run as, who deploys it (a
    warning), and whom it grants something while production does not name them. None of them, directly or through a group, may
    have `SELECT`, `READ_VOLUME` or `EXECUTE` on what the bundle makes in production and not in development. Memberships of both
    environments count.

    ## Why is this bad?

    Code that nobody has reviewed runs in development. It could copy data of production to where anybody reads it.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    variables: {catalog: {}, loader: {}}
    targets:
      dev: {mode: development, default: true, variables: {catalog: dev_shop, loader: loader}}
      prod: {variables: {catalog: prod_shop, loader: loader}}
    resources:
      jobs: {load: {name: load, run_as: {service_principal_name: "${var.loader}"}}}
      schemas:
        gold:
          catalog_name: ${var.catalog}
          name: gold
          grants:
            - {principal: "${var.loader}", privileges: [USE_SCHEMA, SELECT]}
    ```

    ```console
    $ lakewright grants check -t prod
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    variables: {catalog: {}, loader: {}}
    targets:
      dev: {mode: development, default: true, variables: {catalog: dev_shop, loader: loader}}
      prod: {variables: {catalog: prod_shop, loader: prod-loader}}
    resources:
      jobs: {load: {name: load, run_as: {service_principal_name: "${var.loader}"}}}
      schemas:
        gold:
          catalog_name: ${var.catalog}
          name: gold
          grants:
            - {principal: "${var.loader}", privileges: [USE_SCHEMA, SELECT]}
    ```

    ```console
    $ lakewright grants check -t prod
    ```
    """

    code = "LW906"
    name = "production-readable-from-development"
    severity = "error"
