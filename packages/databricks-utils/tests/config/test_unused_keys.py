"""A key that no code reads says so where a person meets it: in its description, which editors show."""

import re
import warnings
from pathlib import Path

import pytest
from pydantic import BaseModel

from databricks_utils.config import ConfigLoader, EnvironmentConfig
from databricks_utils.config.model.keys import section_of
from databricks_utils.config.model.unused import MARK, UnusedKeyWarning, unused_keys

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[4]
# They define, check and list the keys; they do not use them.
MODEL = ROOT / "packages/databricks-utils/src/databricks_utils/config/model"


def code():
    """Return all code of the packages and of the template, without imports, comments and docstrings."""
    folders = [*ROOT.glob("packages/*/src"), ROOT / "template"]
    files = [
        path
        for folder in folders
        for pattern in ("*.py", "*.py.jinja")
        for path in folder.rglob(pattern)
        if MODEL not in path.parents
    ]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(files))
    text = re.sub(r'"""(?s:.*?)"""', "", text)
    return re.sub(r"^\s*(from .*|import .*|#.*)$", "", text, flags=re.MULTILINE)


CODE = code()


def is_read(names):
    """Return whether every attribute on the way to a key occurs in the code, or the section is loaded by its name.

    `extra` is read by `extra_as(Model)`.
    """
    by_name = any(f'load_section("{".".join(names[:length])}"' in CODE for length in range(1, len(names) + 1))
    return by_name or all(re.search(rf"\.{name}(_as)?\b", CODE) for name in names)


def keys(model: type[BaseModel] = EnvironmentConfig, above=(), *, marked=False):
    for name, field in model.model_fields.items():
        here = marked or MARK in (field.description or "")
        section = section_of(field.annotation)
        if section:
            yield from keys(section, (*above, name), marked=here)
        else:
            yield (*above, name), here


@pytest.mark.parametrize(("path", "marked"), list(keys()), ids=str)
def test_a_key_is_marked_if_and_only_if_no_code_reads_it(path, marked):
    assert is_read(path) != marked, (
        f"{'.'.join(path)} is {'read, remove' if marked else 'not read, add'} the mark `{MARK}`"
    )


def test_a_key_that_no_code_reads_is_found():
    assert not is_read(("spark", "key_of_nobody"))
    assert {path[0] for path, marked in keys() if marked} >= {"alerts", "monte_carlo"}


def test_the_mark_reaches_the_editor():
    schema = EnvironmentConfig.model_json_schema()
    assert MARK in schema["$defs"]["MonteCarloSection"]["description"]
    assert MARK in schema["$defs"]["SparkSection"]["properties"]["app_name"]["description"]


def test_the_marked_keys_are_found():
    assert list(unused_keys(EnvironmentConfig)) == [
        ("spark", "app_name"),
        ("alerts", "emails"),
        ("monte_carlo",),
    ]


def test_an_unused_key_that_is_set_causes_a_warning_with_its_place(write_config, monkeypatch):
    monkeypatch.setenv("DBX_SPARK__APP_NAME", "shop")
    write_config(
        prod="catalog: {name: prod_analytics}\nmonte_carlo: {enabled: true, api_id: '${HOME}', api_token: '${HOME}'}\n"
    )
    with pytest.warns(UnusedKeyWarning, match="these keys have no effect yet") as caught:
        ConfigLoader.load("prod")
    (message,) = [str(warning.message) for warning in caught]
    assert "`monte_carlo` (config/prod.yaml:2)" in message
    assert "`spark.app_name` (environment DBX_SPARK__APP_NAME)" in message
    assert "fix: remove them" in message


def test_a_configuration_without_unused_keys_causes_no_warning(write_config):
    write_config()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ConfigLoader.load("prod").spark.app_name == "flights-prod"
