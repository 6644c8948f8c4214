"""Which targets are production and development, and who is of development."""

import pytest

from lakewright.bundle import LocalOverlay, load_bundle
from lakewright.grants.checking.environments import (
    is_development,
    is_production,
    principals_of_development,
)
from lakewright.grants.declared import declared_by

pytestmark = pytest.mark.unit


def kinds(empty, targets):
    empty.write("databricks.yml", f"bundle: {{name: s}}\ntargets: {targets}\n")
    names = load_bundle(empty.root).targets
    bundles = {name: load_bundle(empty.root, target=name) for name in names}
    production = [name for name, bundle in bundles.items() if is_production(bundle)]
    return production, [name for name, bundle in bundles.items() if is_development(bundle)]


@pytest.mark.parametrize(
    ("targets", "production", "development"),
    [
        ("{dev: {}, prod: {}}", ["prod"], ["dev"]),
        ("{d: {mode: development}, s: {mode: production}, Prod: {}}", ["Prod"], ["d"]),
        ("{d: {mode: development}, live: {mode: production}}", ["live"], ["d"]),
        ("{dev: {mode: production}, other: {}}", ["dev"], []),
        ("{Development: {}, production: {mode: production}}", ["production"], ["Development"]),
        ("{a: {}}", [], []),
    ],
)
def test_names_come_before_modes_for_production_and_modes_before_names_for_development(
    empty, targets, production, development
):
    assert kinds(empty, targets) == (production, development)


def test_a_local_run_of_production_is_none(shop):
    assert not is_production(load_bundle(shop.root, target="prod", local=LocalOverlay()))


def of_development(shop):
    dev, prod = (declared_by(load_bundle(shop.root, target=name)) for name in ("dev", "prod"))
    return principals_of_development(dev, prod)


def test_who_runs_there_and_whom_it_alone_grants_something_are_of_development(shop):
    shop.edit("databricks.yml", "loader: dev-loader", "loader: dev-loader, readers: testers")
    running, deploying = of_development(shop)
    assert running == {
        "dev-loader": "job load of target dev runs as it",
        "testers": "target dev grants it something, and prod does not name it",
    }
    assert deploying == {}


@pytest.mark.parametrize("naming", ["readers: testers", "ingestion: testers"])
def test_whom_production_names_as_a_role_is_not_of_development(shop, naming):
    shop.edit("databricks.yml", "loader: dev-loader", "loader: dev-loader, readers: testers")
    shop.edit("config/prod.yaml", "readers: readers", naming)
    assert "testers" not in of_development(shop)[0]


def test_who_deploys_development_is_of_it_unless_they_deploy_production_too(shop, monkeypatch):
    assert of_development(shop)[1] == {}
    monkeypatch.delenv("DATABRICKS_CURRENT_USER")
    shop.git("init", "-q")
    shop.git("config", "user.email", "ana@example.com")
    shop.edit("databricks.yml", "loader: dev-loader", "loader: ana@example.com")
    running, deploying = of_development(shop)
    assert running == {}
    assert deploying == {"ana@example.com": "it deploys target dev (from git config user.email)"}
