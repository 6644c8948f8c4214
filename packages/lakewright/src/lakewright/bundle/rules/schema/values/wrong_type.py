"""LW302: A value has the wrong type."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location, Severity
from lakewright.bundle.rules.base import Rule


class WrongType(Rule):
    """A value has the wrong type.

    ## What it does

    Reports a value that cannot be converted to the type of its field: a single value in place of a list, text in place
    of a number, and so on. The text `"2"` is accepted as a number. Also reports an unknown `bundle.engine`, and a
    `bundle.databricks_cli_version` that is not written as limits for a version.

    ## Why is this bad?

    The Databricks CLI only warns and drops the value, so the setting has no effect. Therefore this is an error here. A
    wrong engine or version is an error of the CLI too. It is a warning if a section, such as `permissions`, was taken as a place for
    an anchor that other files use.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {max_concurrent_runs: many}}}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {max_concurrent_runs: 2}}}
    ```
    """

    code = "LW302"
    name = "wrong-type"
    severity = "error"

    @classmethod
    def of(  # noqa: PLR0913 - the words of the finding and its place
        cls,
        expected: str,
        got: str,
        fix: str | None,
        location: Location | None,
        path: str,
        *,
        severity: Severity = "error",
    ) -> Diagnostic:
        """Return the finding for what belongs here and what stands here, both in words."""
        return cls.finding(
            f"expected {expected} for `{path or 'the top level'}`, found {got}",
            severity=severity,
            location=location,
            path=path,
            fix=fix or f"write {expected} here",
        )
