"""What a run creates of the bundle before its first task."""

import json
from pathlib import Path
from typing import Any

import pytest

from lakewright.bundle import Bundle
from lakewright.runner.execution.deployment import missing_statements
from lakewright.storage.volumes import Volumes

pytestmark = pytest.mark.unit


def bundle(root: Path, **resources: Any) -> Bundle:
    return Bundle(
        root=root,
        root_file=root / "databricks.yml",
        name="small",
        targets=("dev",),
        target="dev",
        mode="development",
        environment="local",
        resolved={"resources": resources},
        diagnostics=(),
        sync_root=root,
        locations={},
    )


VOLUMES = {
    "files": {"catalog_name": "c", "schema_name": "raw", "name": "files", "comment": "the bank's"},
    "lake": {
        "catalog_name": "c",
        "schema_name": "raw",
        "name": "lake",
        "volume_type": "EXTERNAL",
        "storage_location": "abfss://lake@acme.dfs.core.windows.net/in",
    },
}


def test_volumes_are_created_as_objects_of_the_catalog_with_their_schema(tmp_path: Path) -> None:
    assert missing_statements(bundle(tmp_path, volumes=VOLUMES), Volumes(tmp_path)) == [
        "CREATE CATALOG IF NOT EXISTS `c`",
        "CREATE SCHEMA IF NOT EXISTS `c`.`raw`",
        "CREATE VOLUME IF NOT EXISTS `c`.`raw`.`files` COMMENT 'the bank\\'s'",
        "CREATE EXTERNAL VOLUME IF NOT EXISTS `c`.`raw`.`lake` "
        "LOCATION 'abfss://lake@acme.dfs.core.windows.net/in'",
    ]


def test_the_schema_of_the_bundle_comes_first_and_only_once(tmp_path: Path) -> None:
    schemas = {"raw": {"catalog_name": "c", "name": "raw", "comment": "landing"}}
    statements = missing_statements(bundle(tmp_path, schemas=schemas, volumes=VOLUMES), Volumes(tmp_path))
    assert statements[:3] == [
        "CREATE CATALOG IF NOT EXISTS `c`",
        "CREATE SCHEMA IF NOT EXISTS `c`.`raw` COMMENT 'landing'",
        "CREATE VOLUME IF NOT EXISTS `c`.`raw`.`files` COMMENT 'the bank\\'s'",
    ]


def test_what_the_lakehouse_has_is_not_created_again(tmp_path: Path) -> None:
    schema = tmp_path / "_catalog/c/raw"
    schema.mkdir(parents=True)
    for name in VOLUMES:
        (schema / f"{name}.volume.json").write_text(json.dumps({"kind": "volume"}))
    schemas = {"raw": {"catalog_name": "c", "name": "raw"}}
    assert missing_statements(bundle(tmp_path, schemas=schemas, volumes=VOLUMES), Volumes(tmp_path)) == []


def test_a_volume_without_a_whole_name_is_left_to_validate(tmp_path: Path) -> None:
    assert missing_statements(bundle(tmp_path, volumes={"v": {"name": "v"}}), Volumes(tmp_path)) == []
