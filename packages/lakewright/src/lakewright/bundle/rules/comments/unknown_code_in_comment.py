"""LW001: A comment names a finding that does not exist."""

from collections.abc import Iterable

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class UnknownCodeInComment(Rule):
    """A comment names a finding that does not exist.

    ## What it does

    Compares the codes in `# lakewright: ignore …` with the codes and names of all rules.

    ## Why is this bad?

    The comment silences nothing. Usually its code is misspelled.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {}}}  # lakewright: ignore LW999 (not used yet)
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    resources: {jobs: {load: {}}}
    ```
    """

    code = "LW001"
    name = "unknown-code-in-comment"
    severity = "warning"
    fixable = "if one name is similar"

    @classmethod
    def of(cls, code: str, near: Iterable[str], location: Location) -> Diagnostic:
        """Return the finding for a code, and the codes that it may mean; an empty code stands for none at all."""
        if not code:
            return cls.finding(
                "the comment names no finding to ignore",
                location=location,
                fix="name one: `# lakewright: ignore LW602 (reason)`",
            )
        names = " or ".join(f"`{name}`" for name in near)
        return cls.finding(
            f"the comment names `{code}`, which is not the code or name of a finding",
            location=location,
            fix=f"did you mean {names}?" if names else "list the codes: `lakewright explain`",
        )
