"""LW910: A job or pipeline runs as somebody who lacks a privilege that it needs."""

from lakewright.bundle.rules.base import GrantsRule


class RunnerWithoutPrivilege(GrantsRule):
    """A job or pipeline runs as somebody who lacks a privilege that it needs.

    ## What it does

    Looks at the `run_as` of jobs and pipelines, in a bundle that grants anything. They need some privilege on one of its
    objects; `READ_VOLUME` on a volume of the bundle whose path is among the job's parameters; `USE_SCHEMA` on a schema that the
    pipeline writes to. Groups are those of `principals.users` in `config/<environment>.yaml`. What is granted outside of the
    bundle is not known.

    ## Why is this bad?

    The job works for whoever owns the objects, and fails as its own principal with `PERMISSION_DENIED`.

    ## Example that fails

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
            - {principal: writers, privileges: [USE_SCHEMA, CREATE_TABLE]}
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

    code = "LW910"
    name = "runner-without-privilege"
    severity = "warning"
