"""LW501: The chosen target does not exist."""

from collections.abc import Sequence

from databricks_utils.nearest import did_you_mean, listing
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.rules.base import Rule


class UnknownTarget(Rule):
    """The chosen target does not exist.

    ## What it does

    Compares `-t` with the keys under `targets`.

    ## Why is this bad?

    Without a target, the values of the bundle are not known.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    targets: {dev: {default: true}, prod: {}}
    ```

    ```console
    $ lakewright validate -t prd
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    targets: {dev: {default: true}, prod: {}}
    ```

    ```console
    $ lakewright validate -t prod
    ```
    """

    code = "LW501"
    name = "unknown-target"
    severity = "error"
    fixable = "if one name is similar"

    @classmethod
    def of(cls, wanted: str, names: Sequence[str], variable: str | None = None) -> Diagnostic:
        """Return the finding for a name, the names there are, and the environment variable that has the name, if one has."""
        return cls.finding(
            f"{wanted}: no such target",
            detail=f"available targets: {listing(names)}"
            + (f"; `{variable}` names this one" if variable else ""),
            path="targets",
            fix=did_you_mean(wanted, names) or f"choose one of the targets: `-t {names[0]}`",
        )
