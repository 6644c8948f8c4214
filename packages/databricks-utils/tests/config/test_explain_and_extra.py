"""Where values came from, and the project's own keys."""

import pytest
from pydantic import BaseModel, ConfigDict, Field

from databricks_utils.config import ConfigLoader, EnvironmentConfig
from databricks_utils.config.errors import (
    ConfigProblemsError,
    InvalidValueError,
    MissingKeyError,
    UndefinedVariableError,
    UnknownKeyError,
)
from databricks_utils.config.explain import explain

pytestmark = pytest.mark.unit

PROD = "catalog: {name: prod_analytics}\n"


class Airport(BaseModel):
    model_config = ConfigDict(extra="forbid")
    code: str
    gates: int = 1


class FlightsExtra(BaseModel):
    model_config = ConfigDict(extra="forbid")
    delay_minutes: int = Field(ge=1)
    airport: Airport | None = None


def test_each_value_names_its_origin(write_config, monkeypatch):
    monkeypatch.setenv("DBX_SPARK__MODE", "classic")
    monkeypatch.setenv("TEAM", "data")
    write_config(prod=f"{PROD}use_case: ${{TEAM}}\nspark:\n  config:\n    a.b: 1\n")
    rows = {
        row.key: str(row.origin) for row in explain(ConfigLoader.load("prod", overrides={"project": "x"}))
    }
    assert rows["environment"] == "argument env"
    assert rows["project"] == "argument overrides"
    assert rows["owner"] == "config/defaults.yaml:2"
    assert rows["use_case"] == "config/prod.yaml:2 through TEAM"
    assert rows["spark.mode"] == "environment DBX_SPARK__MODE"
    assert rows["spark.config.a.b"] == "config/prod.yaml:5"
    assert rows["mlflow.registry_uri"] == "default"


def test_the_projects_own_model_gets_its_section(write_config):
    write_config(prod=f"{PROD}extra: {{delay_minutes: 15, airport: {{code: LGA}}}}\n")
    extra = ConfigLoader.load("prod").extra_as(FlightsExtra)
    assert (extra.delay_minutes, extra.airport) == (15, Airport(code="LGA"))


@pytest.mark.parametrize(
    ("extra", "kind", "location", "fix"),
    [
        ("{delay_minuts: 15, delay_minutes: 1}", UnknownKeyError, "config/prod.yaml:2", "did you mean `extra.delay_minutes`?"),
        ("{delay_minutes: long}", InvalidValueError, "config/prod.yaml:2", "write a whole number"),
        (
            "\n  delay_minutes: 1\n  airport:\n    code: LGA\n    gate: 3",
            UnknownKeyError,
            "config/prod.yaml:6",
            "did you mean `extra.airport.gates`?",
        ),
        ("{}", MissingKeyError, None, "add `extra: {delay_minutes: …}` to config/prod.yaml"),
    ],
)  # fmt: skip
def test_what_the_projects_model_refuses_has_file_and_line(write_config, extra, kind, location, fix):
    write_config(prod=f"{PROD}extra: {extra}\n")
    config = ConfigLoader.load("prod")
    with pytest.raises(kind) as caught:
        config.extra_as(FlightsExtra)
    assert (caught.value.location, caught.value.fix) == (location, fix)


def test_a_value_of_a_variable_fits_text_and_number_alike(write_config, monkeypatch):
    monkeypatch.setenv("DBX_EXTRA__DELAY_MINUTES", "15")
    monkeypatch.setenv("DBX_EXTRA__AIRPORT", "{gates: 2}")
    monkeypatch.setenv("DBX_EXTRA__AIRPORT__CODE", "123")
    write_config()
    extra = ConfigLoader.load("prod").extra_as(FlightsExtra)
    assert (extra.delay_minutes, extra.airport) == (15, Airport(code="123", gates=2))


def test_a_configuration_built_by_hand_has_its_extra_section():
    config = EnvironmentConfig(
        environment="dev", catalog={"name": "dev_x", "schema": "flights"}, extra={"delay_minutes": 3}
    )
    assert config.extra_as(FlightsExtra).delay_minutes == 3
    assert config.origin_of("catalog", "name") is None


def test_the_projects_own_keys_load_alone_whatever_is_wrong_elsewhere(write_config):
    write_config(prod="catalog: {shema: x}\nowner: ${NOT_SET}\nextra: {delay_minutes: 15}\n")
    assert ConfigLoader.load_extra(FlightsExtra, "prod", "config").delay_minutes == 15


def test_a_wrong_key_of_the_projects_own_is_reported_when_it_is_loaded_alone(write_config):
    write_config(prod=f"{PROD}extra:\n  delay_minutes: ${{NOT_SET}}\n  delay_minuts: 1\n")
    with pytest.raises(ConfigProblemsError) as caught:
        ConfigLoader.load_extra(FlightsExtra, "prod", "config")
    assert [(type(each), each.location) for each in caught.value.problems] == [
        (UndefinedVariableError, "config/prod.yaml:3"),
        (UnknownKeyError, "config/prod.yaml:4"),
    ]


def test_an_environment_without_own_keys_lacks_the_required_one(write_config):
    write_config(prod=PROD)
    with pytest.raises(MissingKeyError, match=r"`extra\.delay_minutes` is missing for environment `prod`"):
        ConfigLoader.load_extra(FlightsExtra, "prod", "config")
