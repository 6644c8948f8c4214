"""`ConfigLoader.load_section`: one section as it is written, for tools that read projects of any kind."""

import pytest

from databricks_utils.config import ConfigError, ConfigLoader

pytestmark = pytest.mark.unit


def section(folder, environ=None, name="bundle_variables"):
    return ConfigLoader.load_section(name, "local", folder, environ)


def test_files_and_variables_are_merged_and_every_entry_knows_its_place(write_config):
    folder = write_config(
        defaults="bundle_variables: {a: 1, b: 1}\n",
        local="bundle_variables:\n  b: 2\n  c: [x, {y: null}]\n",
    )
    found = section(folder, {"DBX_BUNDLE_VARIABLES__D": "4"})
    assert found.values == {"a": 1, "b": 2, "c": ["x", {"y": None}], "d": 4}
    assert {name: str(origin) for name, origin in found.origins.items()} == {
        "a": "config/defaults.yaml:1",
        "b": "config/local.yaml:2",
        "c": "config/local.yaml:3",
        "d": "environment DBX_BUNDLE_VARIABLES__D",
    }


def test_references_are_replaced_and_those_of_the_bundle_are_left(write_config):
    folder = write_config(local="bundle_variables: {a: '${A}', b: '${var.a}'}\n")
    assert section(folder, {"A": "1"}).values == {"a": "1", "b": "${var.a}"}
    with pytest.raises(ConfigError, match="needs the environment variable A") as caught:
        section(folder, {})
    assert caught.value.location == "config/local.yaml:1"


def test_neither_the_section_nor_the_others_are_validated(write_config):
    folder = write_config(defaults=None, local="nonsense: 1\nextra: ${NOT_SET}\ncatalog: {any: thing}\n")
    assert section(folder, {}, "catalog").values == {"any": "thing"}


@pytest.mark.parametrize("text", ["owner: me\n", "bundle_variables:\n", "bundle_variables: {}\n"])
def test_a_section_that_no_file_or_variable_sets_is_empty(write_config, text):
    assert section(write_config(local=text)).values == {}


@pytest.mark.parametrize("value", ["[a]", "text", "3"])
def test_a_section_that_is_not_a_mapping_is_refused_with_its_line(write_config, value):
    folder = write_config(local=f"owner: me\nbundle_variables: {value}\n")
    with pytest.raises(ConfigError, match="must be a section of keys and values") as caught:
        section(folder)
    assert caught.value.location == "config/local.yaml:2"


def test_the_environment_in_a_file_is_compared_after_its_references_are_replaced(write_config, monkeypatch):
    write_config(prod="environment: ${NAME}\ncatalog: {name: prod_analytics}\n")
    monkeypatch.setenv("NAME", "prod")
    assert ConfigLoader.load("prod").environment == "prod"
    monkeypatch.setenv("NAME", "dev")
    with pytest.raises(ConfigError, match="is `dev`, but `prod` is loaded"):
        ConfigLoader.load("prod")
