"""`DBX_SECTION__KEY`: environment variables that win over the files."""

import pytest

from databricks_utils.config import ConfigLoader
from databricks_utils.config.errors import ConfigSyntaxError, InvalidValueError, UnknownVariableError

pytestmark = [
    pytest.mark.unit,
    pytest.mark.filterwarnings("ignore::databricks_utils.config.model.unused.UnusedKeyWarning"),
]


@pytest.fixture
def load(write_config, monkeypatch):
    write_config()

    def load(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return ConfigLoader.load("dev")

    return load


def test_a_variable_reaches_a_key_at_every_depth(load):
    config = load(
        DBX_SPARK__ENGINE__IDLE_MINUTES="5", DBX_CATALOG__SCHEMA="trips", DBX_MONTE_CARLO__ENABLED="false"
    )
    assert config.spark.engine.idle_minutes == 5
    assert config.catalog.schema_ == "trips"


def test_a_value_is_read_as_yaml(load):
    config = load(
        DBX_EXTRA__RATE="0.5", DBX_EXTRA__ON="true", DBX_EXTRA__NAMES="[a, b]", DBX_EXTRA__DEEP__N="3"
    )
    assert config.extra == {"rate": 0.5, "on": True, "names": ["a", "b"], "deep": {"n": 3}}


@pytest.mark.parametrize("text", ["2024", "007", "true", "1.50", "a: b", "null x"])
def test_a_value_stays_as_it_was_written_if_the_key_holds_text(load, text):
    assert load(DBX_OWNER=text).owner == text


def test_text_in_a_list_also_stays_as_it_was_written(load):
    assert load(DBX_ALERTS__EMAILS="[007, 1, a@x]").alerts.emails == ("007", "1", "a@x")


def test_a_deeper_variable_refines_a_section_given_as_a_whole(load):
    assert load(DBX_CATALOG="{schema: trips}", DBX_CATALOG__SCHEMA_PREFIX="x_").catalog.schema_prefix == "x_"


def test_a_mapping_merges_into_the_section(load):
    config = load(DBX_SPARK="{mode: classic}", DBX_SPARK__CONFIG="{spark.sql.shuffle.partitions: 8}")
    assert (config.spark.mode, config.spark.config) == ("classic", {"spark.sql.shuffle.partitions": "8"})


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("DBX_CATLOG__NAME", "did you mean DBX_CATALOG__NAME?"),
        ("DBX_CATALOG_NAME", "did you mean DBX_CATALOG__NAME?"),
        ("DBX_ENVV", "did you mean DBX_ENV?"),
        ("DBX_OWNER__X", "did you mean DBX_OWNER?"),
        ("DBX_EXTRA__", "did you mean DBX_EXTRA?"),
        (
            "DBX_SPARK__CONFIG__X",
            "set the whole mapping: DBX_SPARK__CONFIG='{spark.sql.shuffle.partitions: 8}'",
        ),
    ],
)
def test_a_variable_that_names_no_key_is_refused_with_the_nearest(load, name, fix):
    with pytest.raises(UnknownVariableError) as caught:
        load(**{name: "x"})
    assert (caught.value.location, caught.value.fix) == (f"environment {name}", fix)


@pytest.mark.parametrize("name", ["DBX_TOKEN", "DBX_HOST", "DBX_HTTP_PATH", "DBX_WAREHOUSE_ID"])
def test_a_variable_of_another_tool_is_left_alone(load, name):
    assert load(**{name: "x"}).environment == "dev"


def test_a_secret_of_a_local_run_is_left_alone(load):
    assert load(DBX_SECRET__KV__TOKEN="x").environment == "dev"


def test_the_environment_is_chosen_by_its_own_variable(load):
    with pytest.raises(InvalidValueError, match="fix: unset it; DBX_ENV chooses the environment"):
        load(DBX_ENVIRONMENT="prod")


def test_a_wrong_value_names_its_variable(load):
    with pytest.raises(InvalidValueError, match=r"`monitoring\.windows` must be a whole number") as caught:
        load(DBX_MONITORING__WINDOWS="many")
    assert caught.value.location == "environment DBX_MONITORING__WINDOWS"


def test_an_invalid_mapping_names_its_variable(load):
    with pytest.raises(ConfigSyntaxError) as caught:
        load(DBX_EXTRA="{a: 1")
    assert caught.value.location == "environment DBX_EXTRA"
