"""LW904: A group is a member of itself, or one name stands for two kinds of principals."""

from lakewright.bundle.rules.base import GrantsRule


class CyclicGroups(GrantsRule):
    """A group is a member of itself, or one name stands for two kinds of principals.

    ## What it does

    Follows the groups under `principals.users` of `config/<environment>.yaml`, which holds the groups of each user, service
    principal or group. Also compares them with the `run_as` of jobs: a service principal has no members.

    ## Why is this bad?

    Nobody can say who is in the group. Memberships are left out of the other checks until it is fixed.

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
    ```

    ```yaml config/prod.yaml
    principals:
      readers: readers
      users:
        readers: [analysts]
        analysts: [readers]
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
      users:
        readers: [analysts]
        ana@example.org: [readers]
    ```

    ```console
    $ lakewright grants check -t prod
    ```
    """

    code = "LW904"
    name = "cyclic-groups"
    severity = "error"
