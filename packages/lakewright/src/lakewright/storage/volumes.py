"""The volumes of a lakehouse, read from the catalog's files; the engine writes them (`jvm/store/MetadataStore.scala`)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lakewright.storage.object_names import file_name, name_of

_SUFFIX = ".volume.json"
MANAGED = "volumes"  # the folder of the lakehouse with the files of managed volumes


@dataclass(frozen=True)
class Volume:
    """One volume.

    Attributes:
        folder: Where a managed volume's files are, relative to the lakehouse; a volume in a cloud store has them there too.
        location: The address of an external volume; None if the volume is managed.
    """

    folder: str
    location: str | None = None


@dataclass(frozen=True)
class Volumes:
    """The catalogs, schemas and volumes of a lakehouse.

    Attributes:
        lakehouse: The folder with `_catalog/`.
    """

    lakehouse: Path

    def find(self, catalog: str, schema: str, name: str) -> Volume | None:
        """Return a volume, or None if there is none of this name."""
        file = self.folder(catalog, schema) / f"{file_name(name)}{_SUFFIX}"
        try:
            entry = json.loads(file.read_bytes())
        except (OSError, ValueError):
            return None
        folder = managed_folder(catalog, schema, name)
        if entry.get("kind") == "external-volume":
            return Volume(folder, str(entry.get("location") or ""))
        return Volume(str(entry.get("location") or folder))

    def exists(self, *names: str) -> bool:
        """Return whether a catalog, or a schema of it, exists."""
        return self.folder(*names).is_dir()

    def names(self, *above: str) -> tuple[str, ...]:
        """Return the names of the catalogs; of a catalog's schemas; of a schema's volumes."""
        return tuple(sorted(self._names(above)))

    def _names(self, above: tuple[str, ...]) -> Iterator[str]:
        at_volumes = len(above) == 2
        try:
            entries = list(os.scandir(self.folder(*above)))
        except OSError:
            return
        for entry in entries:
            if at_volumes and entry.name.endswith(_SUFFIX):
                found = name_of(entry.name.removesuffix(_SUFFIX))
            elif not at_volumes and entry.is_dir():
                found = name_of(entry.name)
            else:
                continue
            if found is not None:
                yield found

    def folder(self, *names: str) -> Path:
        """Return the folder of the catalog's files for a catalog, or a schema of it."""
        return self.lakehouse.joinpath("_catalog", *map(file_name, names))


def managed_folder(catalog: str, schema: str, name: str) -> str:
    """Return the folder of a managed volume's files, relative to the lakehouse.

    It is spelled as `jvm/statements/VolumeStatements.scala` spells it, and as `CatalogHelper.volume_path` does.
    """
    return "/".join((MANAGED, *(file_name(part) for part in (catalog, schema, name))))
