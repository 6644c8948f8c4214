"""Where the paths of Databricks lead on this machine; the engine's file system is held to the same list of cases."""

import json
import re
from pathlib import Path

import pytest

from lakewright.storage import Level, Storage
from lakewright.storage.errors import (
    NotAbsoluteError,
    OutsideProjectError,
    RemotePathError,
    StorageError,
)
from lakewright.storage.object_names import file_name, name_of
from lakewright.storage.workspace import write_workspace_folder

pytestmark = pytest.mark.unit

CASES = json.loads((Path(__file__).parent / "paths.json").read_text(encoding="utf-8"))


@pytest.fixture
def elsewhere(tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


@pytest.fixture
def storage(tmp_path, elsewhere):
    """A project with the catalog of the cases, written as the engine writes it."""
    project = tmp_path / "project"
    schema = project / ".lakewright/lakehouse/_catalog/c/s"
    schema.mkdir(parents=True)
    for name in ("v", "_odd"):
        entry = {"format": 1, "kind": "volume", "location": f"volumes/c/s/{file_name(name)}"}
        (schema / f"{file_name(name)}.volume.json").write_text(json.dumps(entry))
    for name, location in {
        "near": f"file:{elsewhere}",
        "far": "abfss://lake@acme.dfs.core.windows.net/in",
    }.items():
        entry = {"format": 1, "kind": "external-volume", "location": location}
        (schema / f"{name}.volume.json").write_text(json.dumps(entry))
    (schema / "_schema.json").write_text("{}")
    write_workspace_folder(project / ".lakewright", "/Workspace/Users/me/files", project)
    return Storage(project)


def filled(text, storage, elsewhere):
    return text.format(lakehouse=storage.lakehouse, project=storage.project, elsewhere=elsewhere)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["path"])
def test_a_path_leads_to_its_place_or_is_refused(storage, elsewhere, case):
    path = filled(case["path"], storage, elsewhere)
    if "refused" in case:
        with pytest.raises(StorageError, match=re.escape(case["refused"])):
            storage.of(path)
        return
    place = storage.of(path)
    assert str(place.local) == filled(case["place"], storage, elsewhere)
    assert place.uri == filled(case["uri"], storage, elsewhere)


@pytest.mark.parametrize(
    "path", ["s3://bucket/a", "abfss://c@a.dfs.core.windows.net/x", "wasbs://x/y", "gs://b/c"]
)
def test_a_path_in_a_cloud_store_is_refused(storage, path):
    with pytest.raises(RemotePathError) as error:
        storage.of(path)
    assert "/Volumes/" in (error.value.fix or "")


@pytest.mark.parametrize("path", ["data/a.csv", "", "dbfs:data", "dbfs://mnt/raw", "file://tmp/x"])
def test_a_path_that_is_not_absolute_is_refused(storage, path):
    with pytest.raises(NotAbsoluteError, match="Path must be absolute"):
        storage.of(path)


@pytest.mark.parametrize("path", ["file:/etc/passwd", "file:/", "file:/tmp/../etc/passwd", "file:/home"])
def test_the_machine_outside_the_project_is_refused(storage, path):
    with pytest.raises(OutsideProjectError) as error:
        storage.of(path)
    assert "storage.local_folders" in (error.value.fix or "")


def test_a_link_does_not_lead_out_of_the_project(storage):
    link = storage.project / "link"
    link.symlink_to("/etc")
    with pytest.raises(OutsideProjectError):
        storage.of(f"file:{link}/passwd")


def test_a_configured_folder_is_reached_with_and_without_a_scheme(storage):
    wider = Storage(storage.project, (Path("/srv/shared"),))
    assert str(wider.of("file:/srv/shared/a").local) == "/srv/shared/a"
    assert wider.of("/srv/shared/a").uri == "file:/srv/shared/a"


@pytest.mark.parametrize(
    "path", ["/", "dbfs:/", "/Volumes/c/s/v", "/Volumes/c/s/near/", "file:/tmp", "file:{project}"]
)
def test_a_root_is_known_as_one(storage, elsewhere, path):
    assert storage.of(filled(path, storage, elsewhere)).is_root


def test_a_folder_that_holds_the_project_counts_as_a_root(storage):
    assert storage.of(f"file:{storage.project.parent}").is_root
    assert not storage.of(f"file:{storage.project}/data").is_root


def test_the_levels_above_a_volume_list_the_catalog(storage):
    found = {path: storage.of(path) for path in ("/Volumes", "/Volumes/c", "/Volumes/c/s/")}
    assert all(isinstance(level, Level) for level in found.values())
    assert [level.names for level in found.values()] == [("c",), ("s",), ("_odd", "far", "near", "v")]


@pytest.mark.parametrize("path", ["/Volumes/nope", "/Volumes/c/nope"])
def test_a_missing_catalog_or_schema_is_refused(storage, path):
    with pytest.raises(FileNotFoundError, match="nope` does not exist"):
        storage.of(path)


@pytest.mark.parametrize("name", ["plain", "_under", "with space", "Üml", "a.b", "x%y"])
def test_a_file_name_stands_for_one_name(name):
    assert name_of(file_name(name)) == name.lower()


def test_a_file_that_is_no_entry_has_no_name():
    assert (name_of("_schema.json"), name_of("%FF")) == (None, None)
