"""`${VAR}`, `${VAR:-default}`, `$${`."""

import pytest

from databricks_utils.config import ConfigLoader
from databricks_utils.config.errors import InvalidValueError, UndefinedVariableError

pytestmark = pytest.mark.unit


def owner(write_config, text):
    write_config(prod=f"catalog: {{name: prod_analytics}}\nowner: {text}\n")
    return ConfigLoader.load("prod").owner


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${TEAM}", "data"),
        ("the ${TEAM} team of ${CITY}", "the data team of Bern"),
        ("${NOT_SET:-someone}", "someone"),
        ("${EMPTY:-someone}", "someone"),
        ('"x${EMPTY}y"', "xy"),
        ("${NOT_SET:-}x", "x"),
        ("${NOT_SET:-${CITY}}", "Bern"),
        ("${NOT_SET:-${NEITHER:-last}}", "last"),
        ("$${TEAM}", "${TEAM}"),
        ("$${TEAM} ${TEAM}", "${TEAM} data"),
        ("costs $5", "costs $5"),
        ("${BRACES}", "${CITY}"),
    ],
)
def test_references_are_replaced(write_config, monkeypatch, text, expected):
    for name, value in {"TEAM": "data", "CITY": "Bern", "EMPTY": "", "BRACES": "${CITY}"}.items():
        monkeypatch.setenv(name, value)
    assert owner(write_config, text) == expected


def test_an_unquoted_reference_may_become_a_number_and_a_quoted_one_stays_text(write_config, monkeypatch):
    monkeypatch.setenv("N", "3")
    write_config(
        prod='catalog: {name: prod_analytics}\nextra: {a: "${N}", b: 1}\nmonitoring:\n  windows: ${N}\nowner: ${N}\n'
    )
    config = ConfigLoader.load("prod")
    assert (config.extra["a"], config.monitoring.windows, config.owner) == ("3", 3, "3")


def test_an_undefined_variable_names_the_key_and_the_line(write_config):
    write_config(prod="catalog: {name: prod_analytics}\nextra:\n  mail:\n    - ${NOT_SET}\n")
    with pytest.raises(
        UndefinedVariableError, match=r"`extra\.mail\.0` needs the environment variable NOT_SET"
    ) as caught:
        ConfigLoader.load("prod")
    assert caught.value.location == "config/prod.yaml:4"
    assert "${NOT_SET:-default}" in caught.value.fix


def test_a_value_that_is_overridden_needs_no_variable(write_config):
    write_config(
        defaults="owner: ${NOT_SET}\ncatalog: {schema: flights}\n",
        prod="owner: me\ncatalog: {name: prod_analytics}\n",
    )
    assert ConfigLoader.load("prod").owner == "me"


def test_variables_and_arguments_are_taken_as_they_are(write_config, monkeypatch):
    write_config()
    monkeypatch.setenv("DBX_OWNER", "${HOME}")
    config = ConfigLoader.load("prod", overrides={"use_case": "${HOME}"})
    assert (config.owner, config.use_case) == ("${HOME}", "${HOME}")


@pytest.mark.parametrize("text", ["${TEAM", "${}", "${1X}", "${TEAM:=x}", "${TEAM:?gone}", "${NOT_SET:-${X}"])
def test_a_malformed_reference_is_refused(write_config, monkeypatch, text):
    monkeypatch.setenv("TEAM", "data")
    with pytest.raises(InvalidValueError, match=r"write `\${NAME}` or") as caught:
        owner(write_config, f"'{text}'")
    assert caught.value.location == "config/prod.yaml:2"


def test_a_reference_of_the_bundle_outside_bundle_variables_is_explained(write_config):
    with pytest.raises(InvalidValueError, match=r"only in databricks\.yml and `bundle_variables`"):
        owner(write_config, "${bundle.target}")
