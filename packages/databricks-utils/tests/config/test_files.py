"""Files that are missing, unreadable or not a configuration."""

import ctypes
import os
import pickle

import pytest

from databricks_utils.config import ConfigLoader
from databricks_utils.config.errors import (
    ConfigFileError,
    ConfigFolderError,
    ConfigSyntaxError,
    UnknownEnvironmentError,
)

pytestmark = pytest.mark.unit

PROD = "catalog: {name: prod_analytics}\n"


def test_a_syntax_error_shows_the_line_and_the_place(write_config):
    write_config(prod="catalog:\n  name: prod_analytics\nspark: {mode: connect\nowner: me\n")
    with pytest.raises(ConfigSyntaxError) as caught:
        ConfigLoader.load("prod")
    assert caught.value.location == "config/prod.yaml:4"
    assert "4 | owner: me" in str(caught.value)
    assert "^" in str(caught.value)


def test_a_tab_is_reported_as_a_tab(write_config):
    write_config(prod="catalog:\n\tname: prod_analytics\n")
    with pytest.raises(ConfigSyntaxError, match="fix: indent with spaces") as caught:
        ConfigLoader.load("prod")
    assert caught.value.location == "config/prod.yaml:2"


def test_a_reference_without_quotes_between_braces_is_explained(write_config):
    write_config(prod="catalog: {name: ${CATALOG}}\n")
    with pytest.raises(ConfigSyntaxError, match="a reference needs quotes"):
        ConfigLoader.load("prod")


def test_a_line_that_holds_a_secret_is_not_shown_by_a_syntax_error(write_config):
    write_config(prod='catalog: {name: prod_analytics}\nextra: {api_key: "hunter2" "x": 1}\n')
    with pytest.raises(ConfigSyntaxError) as caught:
        ConfigLoader.load("prod")
    assert caught.value.location == "config/prod.yaml:2"
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(("text", "kind"), [("- a\n- b\n", "list"), ("just text\n", "single value")])
def test_a_file_that_is_not_a_mapping_is_refused(write_config, text, kind):
    write_config(prod=text)
    with pytest.raises(ConfigSyntaxError, match=f"keys and values, not a {kind}") as caught:
        ConfigLoader.load("prod")
    assert caught.value.location == "config/prod.yaml:1"


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n", "null\n"])
def test_an_empty_file_changes_nothing(write_config, text):
    write_config(defaults="owner: me\ncatalog: {name: prod_analytics, schema: flights}\n", prod=text)
    assert ConfigLoader.load("prod").owner == "me"


def test_a_key_given_twice_is_refused_with_both_lines(write_config):
    write_config(prod="owner: a\ncatalog: {name: prod_analytics}\nowner: b\n")
    with pytest.raises(ConfigSyntaxError, match=r"`owner` is given twice \(first in line 1\)") as caught:
        ConfigLoader.load("prod")
    assert caught.value.location == "config/prod.yaml:3"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("extra: {? [a]: 1}\n", "a key must be text"),
        ("extra:\n  <<: text\n", "`<<` takes a mapping"),
        ("owner: a\x00b\n", "contains a character that YAML does not allow"),
        ("owner: a\n---\nowner: b\n", "expected a single document"),
        ("owner: *nobody\n", "found undefined alias 'nobody'"),
    ],
)
def test_yaml_that_no_configuration_needs_is_refused(write_config, text, message):
    write_config(prod=f"{PROD}{text}")
    with pytest.raises(ConfigSyntaxError, match=message) as caught:
        ConfigLoader.load("prod")
    assert caught.value.location.startswith("config/prod.yaml")


def test_of_several_merged_anchors_the_first_wins(write_config):
    write_config(
        prod=f"{PROD}extra:\n  a: &a {{x: 1}}\n  b: &b {{x: 2, y: 2}}\n  c: {{<<: [*a, *b], z: 3}}\n"
    )
    assert ConfigLoader.load("prod").extra["c"] == {"x": 1, "y": 2, "z": 3}


@pytest.mark.parametrize("value", ["!!python/object/apply:os.system [ls]", "!secret abc"])
def test_a_tag_is_refused_and_nothing_is_run(write_config, value):
    write_config(prod=f"{PROD}extra:\n  x: {value}\n")
    with pytest.raises(ConfigSyntaxError, match="fix: write the plain value") as caught:
        ConfigLoader.load("prod")
    assert caught.value.location == "config/prod.yaml:3"


def test_an_alias_that_contains_itself_is_refused(write_config):
    write_config(prod=f"{PROD}extra: &a\n  x: *a\n")
    with pytest.raises(ConfigSyntaxError, match="an alias contains itself"):
        ConfigLoader.load("prod")


def test_anchors_and_merge_keys_work(write_config):
    write_config(prod=f"{PROD}extra:\n  base: &b {{x: 1, y: 1}}\n  one: {{<<: *b, y: 2}}\n")
    assert ConfigLoader.load("prod").extra["one"] == {"x": 1, "y": 2}


def test_words_of_yaml_1_1_stay_text(write_config):
    write_config(
        prod=f"{PROD}extra: {{a: no, b: on, c: 2024-01-31, d: 1:30, e: 012, f: 1e3, g: 0x10, h: true}}\n"
    )
    assert ConfigLoader.load("prod").extra == {
        "a": "no", "b": "on", "c": "2024-01-31", "d": "1:30", "e": "012", "f": 1000.0, "g": 16, "h": True,
    }  # fmt: skip


def test_a_file_that_is_not_utf_8_is_refused(write_config):
    folder = write_config()
    (folder / "prod.yaml").write_bytes(b"owner: M\xfcller\n")
    with pytest.raises(ConfigFileError, match="fix: save the file as UTF-8") as caught:
        ConfigLoader.load("prod")
    assert caught.value.location == "config/prod.yaml"


def test_a_byte_order_mark_does_no_harm(write_config):
    folder = write_config()
    (folder / "prod.yaml").write_bytes(b"\xef\xbb\xbf" + PROD.encode())
    assert ConfigLoader.load("prod").catalog.name == "prod_analytics"


@pytest.fixture
def permissions_hold():
    """Root may read everything by two capabilities (capabilities(7)); the test runs without them."""
    if os.geteuid() != 0:
        yield
        return
    libc, version, this_thread = ctypes.CDLL(None, use_errno=True), 0x20080522, 0
    header, held = (ctypes.c_uint32 * 2)(version, this_thread), (ctypes.c_uint32 * 6)()
    assert libc.capget(header, held) == 0, os.strerror(ctypes.get_errno())
    dac_override, dac_read_search = 1 << 1, 1 << 2
    fewer = (ctypes.c_uint32 * 6)(held[0] & ~(dac_override | dac_read_search), *held[1:])
    assert libc.capset(header, fewer) == 0, os.strerror(ctypes.get_errno())
    yield
    assert libc.capset(header, held) == 0, os.strerror(ctypes.get_errno())


def test_a_file_without_permission_is_named(write_config, permissions_hold):
    (write_config() / "prod.yaml").chmod(0)
    with pytest.raises(ConfigFileError, match="Permission denied") as caught:
        ConfigLoader.load("prod")
    assert caught.value.location == "config/prod.yaml"


def test_a_folder_in_the_place_of_a_file_is_named(write_config):
    (write_config(prod=None) / "prod.yaml").mkdir()
    with pytest.raises(ConfigFileError, match=r"cannot read config/prod\.yaml: Is a directory"):
        ConfigLoader.load("prod")


def test_an_environment_without_a_file_lists_those_that_exist(write_config):
    write_config(prod__local="owner: me\n")
    with pytest.raises(UnknownEnvironmentError, match="did you mean `prod`") as caught:
        ConfigLoader.load("prd")
    assert "environments that exist:   dev, local, prod\n" in str(caught.value)
    assert "probed but not found:      config/prd.yaml" in str(caught.value)


def test_a_file_with_the_other_ending_is_pointed_out(write_config):
    folder = write_config()
    (folder / "qa.yml").write_text("")
    with pytest.raises(UnknownEnvironmentError, match=r"fix: rename qa\.yml to config/qa\.yaml"):
        ConfigLoader.load("qa")


def test_the_folder_is_found_upwards_from_the_working_directory(write_config, monkeypatch):
    notebooks = write_config().parent / "notebooks"
    notebooks.mkdir()
    monkeypatch.chdir(notebooks)
    assert ConfigLoader.load("dev").catalog.name == "dev_analytics"


def test_the_folder_may_be_named_by_a_variable_or_an_argument(write_config, monkeypatch, tmp_path):
    folder = write_config()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir("/")
    assert ConfigLoader.load("dev", folder).config_folder == folder
    monkeypatch.setenv("DBX_CONFIG_PATH", str(folder))
    assert ConfigLoader.load("dev").config_folder == folder
    monkeypatch.setenv("DBX_CONFIG_PATH", str(tmp_path / "absent"))
    with pytest.raises(ConfigFolderError, match="environment DBX_CONFIG_PATH"):
        ConfigLoader.load("dev")


def test_a_missing_folder_lists_the_places_that_were_tried(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        ConfigFolderError, match="argument config_path · environment DBX_CONFIG_PATH · config/"
    ):
        ConfigLoader.load("dev")


def test_a_file_given_instead_of_the_folder_is_refused_with_the_folder_as_fix(write_config):
    write_config()
    with pytest.raises(ConfigFolderError, match="fix: give config"):
        ConfigLoader.load("prod", "config/prod.yaml")


def test_an_error_keeps_its_problems_when_it_is_pickled(write_config):
    write_config(prod="nonsense: 1\nmore: 2\ncatalog: {name: prod_analytics}\n")
    with pytest.raises(ValueError, match="2 problems") as caught:
        ConfigLoader.load("prod")
    copy = pickle.loads(pickle.dumps(caught.value))
    assert str(copy) == str(caught.value)
    assert [problem.location for problem in copy.problems] == ["config/prod.yaml:1", "config/prod.yaml:2"]
