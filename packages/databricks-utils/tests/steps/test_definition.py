"""What a step depends on besides data: code, configuration and packages change it, and nothing else does."""

from collections.abc import Callable

import pytest

from databricks_utils.catalog import CatalogHelper
from databricks_utils.config import EnvironmentConfig
from databricks_utils.context import Context
from databricks_utils.steps import define_step
from databricks_utils.steps import definition as home

pytestmark = pytest.mark.unit


def context(**changes: object) -> Context:
    given = {"environment": "dev", "catalog": {"name": "dev_analytics", "schema": "flights"}, **changes}
    config = EnvironmentConfig.model_validate(given)
    return Context(config, CatalogHelper(config))


def one() -> int:
    return 1


def two() -> int:
    return 2


def changed(first: dict[str, str], second: dict[str, str]) -> list[str]:
    return sorted(name for name in {*first, *second} if first.get(name) != second.get(name))


def test_the_same_context_and_code_give_the_same_definition() -> None:
    assert define_step(context(), code=[one]) == define_step(context(), code=[one])


@pytest.mark.parametrize(
    "changes",
    [
        {"extra": {"late_after_minutes": 20}},
        {"quality": {"max_quarantined_share": 0.5}},
        {"monitoring": {"windows": 4}},
        {"catalog": {"name": "dev_analytics", "schema": "other"}},
    ],
)
def test_a_changed_configuration_is_seen(changes: dict[str, object]) -> None:
    assert changed(define_step(context()), define_step(context(**changes))) == ["configuration"]


@pytest.mark.parametrize(
    "changes",
    [
        {"spark": {"config": {"spark.sql.shuffle.partitions": "7"}}},
        {"mlflow": {"experiment": "/Shared/other"}},
        {"maintenance": {"retention_hours": 200}},
    ],
)
def test_where_and_how_it_runs_does_not_count(changes: dict[str, object]) -> None:
    assert define_step(context(**changes)) == define_step(context())


def test_a_secret_does_not_get_into_a_hash() -> None:
    first, second = (define_step(context(extra={"api_token": value})) for value in ("abc", "xyz"))
    assert first == second


def test_other_code_another_part_and_another_package_are_seen() -> None:
    named = changed(define_step(context(), code=[one]), define_step(context(), code=[two]))
    assert [name.split(".")[-1] for name in named] == ["one`", "two`"]
    assert changed(define_step(context()), define_step(context(), parts={"rule": "1"})) == ["rule"]
    assert changed(define_step(context()), define_step(context(), packages=["pytest"])) == ["package pytest"]
    assert define_step(context(), packages=["no-such-package"])["package no-such-package"] == "not installed"


def test_another_build_of_this_library_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    before = define_step(context())
    library: Callable[[], str] = lambda: "another build"  # noqa: E731 - one value
    monkeypatch.setattr(home, "_library", library)
    assert changed(before, define_step(context())) == ["databricks_utils"]
