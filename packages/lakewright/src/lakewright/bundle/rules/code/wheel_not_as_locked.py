"""LW704: A wheel of our packages is not the one in `wheels/wheels.lock`."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class WheelNotAsLocked(Rule):
    """A wheel of our packages is not the one in `wheels/wheels.lock`.

    ## What it does

    Compares the wheels in `wheels/` with the sha256 of the lock. Reports another file, a missing one, one that the
    lock does not have, and a lock that cannot be read.

    ## Why is this bad?

    A deployment uploads what lies there, and tasks run it. A wheel that differs from the lock was not reviewed: it is
    damaged, half updated, or somebody else's.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    ```

    ```text wheels/wheels.lock
    ./wheels/databricks_utils-0.1.0-py3-none-any.whl --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000
    ```

    ```text wheels/databricks_utils-0.1.0-py3-none-any.whl
    another file
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    ```

    ```text wheels/wheels.lock
    ./wheels/databricks_utils-0.1.0-py3-none-any.whl --hash=sha256:bd4ef5a0775f7705a1758f3ecde220fd045cce6a3b3b816fc684aada794bc24a
    ```

    ```text wheels/databricks_utils-0.1.0-py3-none-any.whl
    another file
    ```
    """

    code = "LW704"
    name = "wheel-not-as-locked"
    severity = "error"

    @classmethod
    def of(cls, summary: str, location: Location, fix: str | None, detail: str | None = None) -> Diagnostic:
        """Return the finding for a wheel, or for a line of the lock."""
        return cls.finding(summary, detail=detail, location=location, fix=fix)
