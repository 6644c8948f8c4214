"""A lakehouse whose grants are written by hand, and the mounts of a principal that is held to them."""

import json
import os
import shutil

import pytest

from lakewright.rights import rights_of_process
from lakewright.storage import Storage
from lakewright.storage.fuse import mount

READ, WRITE = "READ VOLUME", "WRITE VOLUME"
BOB = {"LAKEWRIGHT_PRINCIPAL": "bob"}


class Lake:
    """A lakehouse whose records are written by hand, with the volumes `c.s.v` and `c.s.w`."""

    def __init__(self, project):
        self.storage = Storage(project)
        self.root = self.storage.lakehouse / "_catalog/c"
        (self.root / "s").mkdir(parents=True)
        self.grants = {"c": [("bob", "USE CATALOG")], "s": [("bob", "USE SCHEMA")], "v": [], "w": []}
        self.write()
        self.folder = self.storage.lakehouse / "volumes/c/s/v"
        for name in ("v", "w"):
            (self.storage.lakehouse / f"volumes/c/s/{name}").mkdir(parents=True)

    def write(self):
        files = {
            "c": "_catalog.json",
            "s": "s/_schema.json",
            "v": "s/v.volume.json",
            "w": "s/w.volume.json",
        }
        for key, file in files.items():
            record = {
                "format": 1,
                "kind": {"c": "catalog", "s": "schema"}.get(key, "volume"),
                "owner": "ann",
                "location": f"volumes/c/s/{key}",
                "grants": [{"principal": who, "privilege": what} for who, what in self.grants[key]],
            }
            target = self.root / file
            new = target.with_suffix(".new")
            new.write_text(json.dumps(record))
            new.replace(target)

    def hold(self, *held):
        """Let bob hold exactly these rights, each by the place where it was granted."""
        self.grants = {"c": [("bob", "USE CATALOG")], "s": [("bob", "USE SCHEMA")], "v": [], "w": []}
        for right, place in held:
            self.grants[place].append(("bob", right))
        self.write()

    def names(self):
        """The names in the volume."""
        self.hold((READ, "v"))
        return sorted(os.listdir(self.folder))

    def fill(self):
        """Make the files anew; that takes the rights too, also by the folder behind the volume."""
        kept = self.grants
        self.hold((READ, "v"), (WRITE, "v"))
        self._fill()
        self.grants = kept
        self.write()

    def _fill(self):
        for path in self.folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        (self.folder / "a.csv").write_text("x\n1\n")
        (self.folder / "folder").mkdir()
        (self.folder / "folder/b.txt").write_text("b")


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path)


@pytest.fixture
def mounted(lake):
    unmount = mount(lake.storage, rights_of_process(lake.storage.lakehouse, BOB))
    yield lake
    unmount()
