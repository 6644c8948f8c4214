"""LW104: A value is nested too deeply, or aliases stand for too many values."""

from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.rules.base import Rule


class OversizedYaml(Rule):
    """A value is nested too deeply, or aliases stand for too many values.

    ## What it does

    Reports values inside more than 100 levels of maps and lists, and files whose aliases expand to more than a million
    values.

    ## Why is this bad?

    No bundle needs so many. Usually brackets are not closed, or aliases of aliases multiply the values until memory
    runs out.

    ## Example that fails

    ```yaml
    bundle: {name: shop}
    variables:
      a: {type: complex, default: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}
    ```

    ## Example that passes

    ```yaml
    bundle: {name: shop}
    variables:
      a: {type: complex, default: [[1, 2], [3, 4]]}
    ```
    """  # noqa: E501 - the example needs more than 100 levels

    code = "LW104"
    name = "oversized-yaml"
    severity = "error"

    @classmethod
    def of_depth(cls, deepest: int, location: Location) -> Diagnostic:
        """Return the finding for a value below more than `deepest` levels."""
        return cls.finding(
            f"values are nested more than {deepest} levels deep",
            location=location,
            fix="flatten them, or close the brackets that were opened before this place",
        )

    @classmethod
    def of_size(cls, most: int, alias: str, location: Location) -> Diagnostic:
        """Return the finding for an alias that brings a file above `most` values."""
        return cls.finding(
            f"the aliases of this file stand for more than {most:,} values",
            location=location,
            fix=f"write out the values that `*{alias}` is needed for: aliases of aliases multiply",
        )
