"""Where the loader looked: what an error says about the places tried."""

from dataclasses import dataclass

from databricks_utils.config.tree import KeyPath

VARIABLE_PREFIX = "DBX_"


def variable_name(path: KeyPath) -> str:
    """Name the environment variable of a key: `catalog.name` → `DBX_CATALOG__NAME`."""
    return VARIABLE_PREFIX + "__".join(path).upper()


@dataclass(frozen=True)
class Search:
    """The places of one load, as they are shown.

    Attributes:
        environment: Name of the environment.
        found: Files that were read, the strongest first.
        absent: Files that were looked for and are not there.
        own_file: The environment's own file, where a missing key belongs.
    """

    environment: str
    found: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    own_file: str = ""

    def describe(self, path: KeyPath) -> str:
        """List every place in which a key was looked for, in order."""
        places = ["arguments", f"environment {variable_name(path)}", *self.found]
        lines = [f"looked in, in this order:  {' · '.join(places)}"]
        if self.absent:
            lines.append(f"probed but not found:      {' · '.join(self.absent)}")
        return "\n".join(lines)
