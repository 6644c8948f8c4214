"""Findings about the configuration that the jobs of a target read: that it is there, and names the schemas of the bundle."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lakewright.bundle.findings.read_environments import Reading, readings_of
from lakewright.bundle.jobs.view import BundleView
from lakewright.bundle.model.bundle import Bundle
from lakewright.bundle.model.diagnostic import Diagnostic, Location
from lakewright.bundle.project_settings.declaration import uses_the_library
from lakewright.bundle.project_settings.places import place_of
from lakewright.bundle.rules.configuration.missing_configuration import MissingConfiguration
from lakewright.bundle.rules.configuration.schemas_not_of_configuration import SchemasNotOfConfiguration

_Schemas = Mapping[tuple[str, str], list[str]]


@dataclass(frozen=True)
class _Expected:
    """Where jobs look for the schemas of layers.

    Attributes:
        catalog: The catalog.
        stem: What the schemas' names begin with: `flights`, `dev_ana_flights`.
        environment: The environment.
        name_place: Where the configuration names the catalog.
        schema_place: Where it names the project's part of the schema names.
        others: The environments whose catalogs it may name too.
    """

    catalog: str
    stem: str
    environment: str
    name_place: Location | None
    schema_place: Location | None
    others: tuple[str, ...]


def used_configuration_findings(view: BundleView) -> Iterator[Diagnostic]:
    """Yield what is wrong between a bundle and the configuration that its jobs read; nothing without `databricks-utils`."""
    bundle = view.bundle
    readings = list(readings_of(view))
    if not readings or not uses_the_library(bundle.root):
        return
    missing = [reading for reading in readings if not _file(reading).is_file()]
    reported = set()
    for reading in missing:
        if _file(reading) not in reported and (reading.folder.is_dir() or not _is_default(bundle, reading)):
            reported.add(_file(reading))
            yield _missing(bundle, reading)
    there = [reading for reading in readings if reading.schema_prefix is not None]
    expected = [found for reading in there if reading not in missing and (found := _expected(reading))]
    if expected and len(expected) == len(there):  # an unknown place may be the one that a schema is for
        yield from _compared(view, expected)


def _file(reading: Reading) -> Path:
    return reading.folder / f"{reading.environment}.yaml"


def _is_default(bundle: Bundle, reading: Reading) -> bool:
    return reading.folder == bundle.root / "config"


def _missing(bundle: Bundle, reading: Reading) -> Diagnostic:
    from databricks_utils.config import environments
    from databricks_utils.nearest import did_you_mean

    file = _file(reading)
    shown = file.relative_to(bundle.root).as_posix() if file.is_relative_to(bundle.root) else file.as_posix()
    meant = did_you_mean(reading.environment, environments(reading.folder))
    fix = f"create {shown}, or correct the parameter `env`"
    return MissingConfiguration.of(bundle, reading.path, shown, f"{meant}\n{fix}" if meant else fix)


def _expected(reading: Reading) -> _Expected | None:
    """Return where the readers of an environment look for schemas; None if its files do not say it, which is reported elsewhere."""
    from databricks_utils.config import ConfigError, ConfigLoader

    try:
        section = ConfigLoader.load_section("catalog", reading.environment, reading.folder, environ={})
    except ConfigError:
        return None
    catalog, schema = section.values.get("name"), section.values.get("schema")
    prefix = reading.schema_prefix or section.values.get("schema_prefix") or ""
    if not isinstance(catalog, str) or not isinstance(schema, str):
        return None
    used = section.values.get("uses_environments")
    return _Expected(
        catalog,
        f"{prefix}{schema}",
        reading.environment,
        place_of(str(section.origins["name"])),
        place_of(str(section.origins["schema"])),
        tuple(map(str, used)) if isinstance(used, list | tuple) else (),
    )


def _compared(view: BundleView, expected: list[_Expected]) -> Iterator[Diagnostic]:
    schemas = _schemas_of_layers(view)
    right = {(each.catalog, each.stem) for each in expected}
    catalogs = {each.catalog for each in expected}
    other_catalogs = {
        catalog: each
        for catalog, stem in schemas
        for each in expected
        if stem == each.stem and catalog not in catalogs and not each.others
    }
    for catalog, each in other_catalogs.items():
        yield _finding(view, schemas[catalog, each.stem], each, catalog, each.stem)
    if other_catalogs or right & schemas.keys() or len(schemas) != 1:
        return
    ((catalog, stem),) = schemas
    if len(schemas[catalog, stem]) > 1:  # one schema alone may be called anything
        yield _finding(view, schemas[catalog, stem], expected[0], catalog, stem)


def _schemas_of_layers(view: BundleView) -> _Schemas:
    """Return the key paths of the bundle's schemas by catalog and by what stands before the layer in their names."""
    from databricks_utils.catalog import LAYERS

    found: dict[tuple[str, str], list[str]] = {}
    for key, schema in view.resources("schemas").items():
        stem, _, layer = str(schema.get("name") or "").rpartition("_")
        catalog = _catalog(view, str(schema.get("catalog_name") or ""))
        if stem and layer in LAYERS and catalog and "${" not in f"{catalog}{stem}":
            found.setdefault((catalog, stem), []).append(f"resources.schemas.{key}")
    return found


def _catalog(view: BundleView, text: str) -> str:
    """Return a catalog's name, that of a catalog of the bundle too."""
    key = text.removeprefix("${resources.catalogs.").removesuffix(".name}")
    return str(view.resources("catalogs").get(key, {}).get("name") or text) if key != text else text


def _finding(view: BundleView, paths: list[str], expected: _Expected, catalog: str, stem: str) -> Diagnostic:
    bundle = view.bundle
    if catalog != expected.catalog:
        field, wrong, right, place = "catalog_name", catalog, expected.catalog, expected.name_place
        said, key = f"in the catalog `{wrong}`, and its jobs use `{right}`", "catalog.name"
    else:
        field, wrong, right, place = "name", stem, expected.stem, expected.schema_place
        said, key = f"that begin with `{wrong}_`, and its jobs use `{right}_`", "catalog.schema"
    target = f"target {bundle.target}" if bundle.target else "the bundle"
    variable = _variable(bundle, wrong)
    return SchemasNotOfConfiguration.of(
        bundle,
        f"variables.{variable}.value" if variable else f"{paths[0]}.{field}",
        f"{target} makes schemas {said}",
        detail=f"the jobs read the environment `{expected.environment}`; schemas: {_listed(paths)}",
        fix=f"make them equal: {'the variable `' + variable + '`' if variable else f'`{field}` of the schemas'} in the bundle, "
        f"and `{key}` in config/{expected.environment}.yaml"
        + (" (or `schema_prefix`)" if field == "name" else ""),
        related=place,
    )


def _variable(bundle: Bundle, value: str) -> str:
    """Return the variable of the bundle that has a value; an empty text if there is none, or more than one."""
    variables: Mapping[str, object] = bundle.resolved.get("variables") or {}
    found = [
        name for name, spec in variables.items() if isinstance(spec, dict) and spec.get("value") == value
    ]
    return found[0] if len(found) == 1 else ""


def _listed(paths: Iterable[str]) -> str:
    return ", ".join(path.rpartition(".")[2] for path in paths)
