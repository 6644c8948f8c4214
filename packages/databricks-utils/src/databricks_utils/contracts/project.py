"""The contracts of a project: the files `contracts/<layer>/<table>.odcs.yaml`, and what the medallion makes of each."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from databricks_utils.config.origin import shown
from databricks_utils.contracts.contract import FOLDER, Contract, load_contract
from databricks_utils.contracts.declaring import derived_of, entity_of, source_of, table_of
from databricks_utils.contracts.errors import ContractFileError
from databricks_utils.contracts.parts.foreign_keys import referred_files
from databricks_utils.medallion.declaring.declarations import Derived, Entity
from databricks_utils.medallion.declaring.sources import Source
from databricks_utils.nearest import choose_from
from databricks_utils.quality import AnyRule

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

SUFFIX = ".odcs.yaml"
_MARKS = ("databricks.yml", "pyproject.toml")


@dataclass(frozen=True)
class ProjectContracts:
    """The contracts below a folder. A file is read when it is asked for, and once.

    Attributes:
        folder: The folder `contracts/`.
    """

    folder: Path
    _read: dict[str, Contract] = field(default_factory=dict, compare=False, repr=False)

    def contract(self, layer: str, table: str) -> Contract:
        """Return the contract of a table.

        Args:
            layer: `landing`, or the table's layer.
            table: The table.

        Raises:
            ContractFileError: There is no such file, or it cannot be read.
            ContractInvalidError: It says something that cannot hold.
        """
        name = f"{layer}/{table}"
        if name not in self._read:
            file = self.folder / f"{name}{SUFFIX}"
            if not file.is_file():
                there = sorted(path.name.removesuffix(SUFFIX) for path in file.parent.glob(f"*{SUFFIX}"))
                raise ContractFileError(
                    f"there is no contract for `{table}` of {layer}",
                    location=shown(file),
                    fix=choose_from(table, there) or f"add the file {shown(file)}",
                )
            self._read[name] = load_contract(file, project=self.folder, logical_names=layer == "landing")
        return self._read[name]

    def check(self, layer: str, table: str) -> None:
        """Check that a contract can declare a table of its layer, without the function that makes its rows.

        Args:
            layer: The table's layer.
            table: The table.

        Raises:
            ContractError: It cannot be read, is about another table, or no entity can have its columns.
        """
        contract = self.contract(layer, table)
        others = self.referred(contract)
        if layer != "silver":
            derived_of(contract, table, print, needs=("any",), layer=layer, others=others)
        elif table_of(contract, table).keys:
            entity_of(contract, table, Source(table, ("any",), "Any record"), others=others)

    def source(self, name: str) -> Source:
        """Return the source that `landing/<name>.odcs.yaml` declares; see `source_of`."""
        return source_of(self.contract("landing", name), name)

    def entity(
        self,
        name: str,
        read: "Callable[..., DataFrame] | None" = None,
        *,
        source: Source | None = None,
        needs: Sequence[str] = (),
        rules: Sequence[AnyRule] = (),
    ) -> Entity:
        """Return the entity that `silver/<name>.odcs.yaml` declares; see `entity_of`.

        Args:
            name: The table.
            read: The function that makes its rows of the records; by default they are its rows.
            source: The source of its records; by default that of the same name.
            needs: See `Entity`.
            rules: See `entity_of`.
        """
        contract = self.contract("silver", name)
        source, others = source or self.source(name), self.referred(contract)
        return entity_of(contract, name, source, read, needs=needs, rules=rules, others=others)

    def derived(
        self,
        name: str,
        build: "Callable[..., DataFrame]",
        *,
        needs: Sequence[str],
        layer: str = "gold",
        by_month: Mapping[str, str] | None = None,
    ) -> Derived:
        """Return the derived table that `<layer>/<name>.odcs.yaml` declares; see `derived_of`."""
        contract = self.contract(layer, name)
        others = self.referred(contract)
        return derived_of(contract, name, build, needs=needs, layer=layer, by_month=by_month, others=others)

    def referred(self, contract: Contract) -> list[Contract]:
        """Return the contracts that the relationships of a contract lead to.

        Raises:
            ContractFileError: One of them is not there.
        """
        found = []
        for name in referred_files(contract):
            file = Path(os.path.normpath(contract.path.parent / name))
            found.append(self.contract(file.parent.name, file.name.removesuffix(SUFFIX)))
        return found


def contracts_of(package: str) -> ProjectContracts:
    """Return the contracts of a package: those that were installed with it, else those of the project that it is in.

    A wheel has them inside of the package, so that the code and its contracts are of one version.

    Args:
        package: The name of the project's package, e.g. `flights`.

    Raises:
        ContractFileError: There are none.
    """
    return _found(package)


@cache
def _found(package: str) -> ProjectContracts:
    spec = find_spec(package)
    places = [Path(place) for place in (spec.submodule_search_locations if spec else None) or ()]
    for place in places:
        if (inside := place / FOLDER).is_dir():
            return ProjectContracts(inside)
        for above in place.parents:
            if (above / FOLDER).is_dir() and any((above / mark).is_file() for mark in _MARKS):
                return ProjectContracts(above / FOLDER)
    raise ContractFileError(
        f"the package `{package}` has no contracts",
        detail=f"looked in and above: {', '.join(map(shown, places)) or 'nothing, there is no such package'}",
        fix=f"put them into {FOLDER}/ of the project, and into its wheel, in pyproject.toml:\n"
        f'[tool.hatch.build.targets.wheel.force-include]\n"{FOLDER}" = "{package}/{FOLDER}"',
    )
