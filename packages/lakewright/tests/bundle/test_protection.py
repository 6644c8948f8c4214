"""`prevent_destroy` protects a resource only if what is around it is protected too (LW561)."""

import pytest

from lakewright.bundle import all_findings

pytestmark = pytest.mark.unit

PROTECTED = "lifecycle: {prevent_destroy: true}"
VOLUME = "resources.volumes.landing.lifecycle.prevent_destroy"


def found(project, resources):
    project.write(databricks="bundle: {name: shop}\nresources:\n" + resources)
    return [(each.path, each.fix) for each in all_findings(project.load()) if each.code == "LW561"]


def bundle(
    *, schema="", volume=PROTECTED, schema_name="${resources.schemas.raw.name}", catalog="main", more=""
):
    return (
        f"  schemas:\n    raw: {{catalog_name: '{catalog}', name: raw{', ' + schema if schema else ''}}}\n"
        f"  volumes:\n    landing: {{catalog_name: '{catalog}', schema_name: '{schema_name}', name: landing, {volume}}}\n"
        + more
    )


@pytest.mark.parametrize("schema_name", ["${resources.schemas.raw.name}", "raw"])
def test_a_protected_volume_in_an_unprotected_schema_is_reported_also_by_its_plain_name(project, schema_name):
    fix = "add `lifecycle: {prevent_destroy: true}` to resources.schemas.raw"
    assert found(project, bundle(schema_name=schema_name)) == [(VOLUME, fix)]


@pytest.mark.parametrize(
    "resources",
    [
        bundle(schema=PROTECTED),
        bundle(volume="lifecycle: {prevent_destroy: false}"),
        bundle(volume="comment: files"),
        bundle(schema_name="another"),
    ],
)
def test_what_is_protected_together_or_not_at_all_is_not(project, resources):
    assert found(project, resources) == []


def test_an_unprotected_schema_setting_counts_as_none(project):
    assert len(found(project, bundle(schema="lifecycle: {prevent_destroy: false}"))) == 1


def test_a_catalog_of_the_bundle_counts_for_its_schema_too(project):
    catalog = "  catalogs:\n    main: {name: main}\n"
    paths = [path for path, _ in found(project, bundle(schema=PROTECTED, more=catalog))]
    assert paths == ["resources.schemas.raw.lifecycle.prevent_destroy", VOLUME]


@pytest.mark.parametrize("field", ["schema", "target"])
def test_a_pipeline_lies_in_the_schema_that_it_publishes_to(project, field):
    pipeline = f"  pipelines:\n    load: {{name: load, catalog: main, {field}: raw, serverless: true, {PROTECTED}}}\n"
    found_paths = [path for path, _ in found(project, bundle(volume="comment: a", more=pipeline))]
    assert found_paths == ["resources.pipelines.load.lifecycle.prevent_destroy"]
