"""Keys that are missing or unknown, values that are wrong: each with its place and its fix."""

import pytest

from databricks_utils.config import ConfigError, ConfigLoader
from databricks_utils.config.errors import (
    ConfigProblemsError,
    InvalidValueError,
    MissingKeyError,
    UnknownKeyError,
)

pytestmark = pytest.mark.unit


def refused(kind, env="prod"):
    with pytest.raises(kind) as caught:
        ConfigLoader.load(env)
    return caught.value


def test_a_missing_key_lists_every_place_in_order_and_the_files_that_are_not_there(write_config):
    write_config(prod="owner: me\n")
    assert str(refused(MissingKeyError)).splitlines() == [
        "config: required key `catalog.name` is missing for environment `prod`",
        "  looked in, in this order:  arguments · environment DBX_CATALOG__NAME · config/prod.yaml · "
        "config/defaults.yaml",
        "  probed but not found:      config/prod.local.yaml",
        "  fix: add `catalog: {name: prod_analytics}` to config/prod.yaml",
    ]


def test_a_missing_section_names_all_its_required_keys_at_once(write_config):
    write_config(defaults=None, prod="owner: me\n")
    error = refused(MissingKeyError)
    assert "`catalog.name`, `catalog.schema` are missing" in error.summary
    assert error.fix == "add `catalog: {name: prod_analytics, schema: my_project}` to config/prod.yaml"


@pytest.mark.parametrize(
    ("text", "line", "fix"),
    [
        ("catalog: {name: prod_analytics}\nsprak:\n  mode: connect\n", 2, "did you mean `spark`?"),
        ("catalog:\n  name: prod_analytics\n  shema: flights\n", 3, "did you mean `catalog.schema`?"),
        ("catalog: {name: prod_analytics}\nspark:\n  engine:\n    memmory: 4g\n", 4, "did you mean `spark.engine.memory`?"),
        ("catalog: {name: prod_analytics}\nschema_prefix: x_\n", 2, "did you mean `catalog.schema_prefix`?"),
        ("catalog: {name: prod_analytics}\nthreshold: 3\n", 2, "remove it; keys of your own project belong below `extra`"),
    ],
)  # fmt: skip
def test_an_unknown_key_is_refused_with_its_line_and_the_nearest_name(write_config, text, line, fix):
    write_config(prod=text)
    error = refused(UnknownKeyError)
    assert (error.location, error.fix) == (f"config/prod.yaml:{line}", fix)


@pytest.mark.parametrize(
    ("line", "summary", "fix"),
    [
        ("spark: {mode: conect}", "`spark.mode` must be `connect` or `classic`, but is the text `conect`", "write `connect`"),
        ("owner: 7", "`owner` must be text, but is the number 7", 'put it in quotes: "7"'),
        ("owner: true", "`owner` must be text, but is `true`", 'put it in quotes: "true"'),
        ("owner: [a]", "`owner` must be text, but is a list", "write text"),
        ("spark: {engine: {idle_minutes: soon}}", "must be a number, but is the text `soon`", "write a number"),
        ("spark: nightly", "`spark` must be a section of keys and values, but is the text `nightly`", "write a section of keys and values"),
        ("spark: {config: {spark: {sql: 1}}}", "`spark.config.spark` must be text, but is a section", "write text"),
        (
            "monitoring: {windows: 0}",
            "`monitoring.windows` must be greater than or equal to 1, but is the number 0",
            "write a value that is greater than or equal to 1",
        ),
        ("maintenance: {retention_hours: 167}", "is 167, but Delta needs at least 168 hours", "write 168 or more"),
        ("maintenance: {cluster_by: {flights: [day]}}", "names `flights`, which is not a layer and a table", "write e.g. `silver.flights`"),
        ("maintenance: {cluster_by: {a.b: []}}", "has 0 columns for `a.b`", "name the columns that most queries filter by"),
        ("maintenance: {cluster_by: {a.b: [v, w, x, y, z]}}", "has 5 columns for `a.b`", "name the columns that most queries filter by"),
        ("monitoring: {windows: 2, violations: 3}", "`monitoring.violations` is 3, but only 2 windows are checked", "write 2 or less"),
        ("monitoring: {windows: -1}", "`monitoring.windows` must be", "write a value that is greater than or equal to 1"),
        ("principals: {bi: ''}", "`principals.bi` must be text that is not empty", "write text that is not empty"),
        ("alerts: {emails: me@x}", "`alerts.emails` must be a list", "write a list, even for one value: [me@x]"),
        ("spark: {engine: {memory: 4}}", "`spark.engine.memory` needs a unit", "write `4g`"),
        ("spark: {engine: {memory: 2 GB}}", "`spark.engine.memory` must be a whole number and a unit", "write `2g`"),
        ("spark: {engine: {memory: much}}", "`spark.engine.memory` must be a whole number and a unit", "write e.g. `2g`"),
        ("monte_carlo: {endpoint: graphql}", "`monte_carlo.endpoint` must be text of the form", "write text of the form `^https?://`"),
        ("mlflow: {experiment: flights}", "`mlflow.experiment` must be an absolute workspace path", "write `/Shared/flights`"),
        ("monte_carlo: {enabled: true}", "`monte_carlo.api_id` is needed", "write `api_id: ${MCD_DEFAULT_API_ID}` or `secret://scope/key`"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_reported_with_what_is_expected_and_its_line(write_config, line, summary, fix):
    write_config(prod=f"catalog: {{name: prod_analytics}}\n{line}\n")
    error = refused(InvalidValueError)
    assert summary in error.summary
    assert error.location == "config/prod.yaml:2"
    assert error.fix == fix


def test_an_argument_that_names_no_key_is_refused(write_config):
    write_config()
    with pytest.raises(UnknownKeyError, match=r"did you mean `catalog\.name`\?") as caught:
        ConfigLoader.load("prod", overrides={"catalog.nmae": "prod_x"})
    assert caught.value.location == "argument overrides"


def test_a_catalog_of_another_environment_is_refused(write_config):
    write_config(prod="owner: me\ncatalog:\n  name: dev_analytics\n")
    error = refused(InvalidValueError)
    assert "`catalog.name` must begin with `prod_`" in error.summary
    assert error.location == "config/prod.yaml:3"
    assert error.fix.startswith("write `prod_analytics`")


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("prod_my-catalog", "write `prod_my_catalog`"),
        ("prod_a.b", "write `prod_a_b`"),
        ("prod_größe", "write `prod_gr__e`"),
        ('"prod_x y"', "write `prod_x_y`"),
        ("prod_" + "x" * 260, "shorten it"),
    ],
)
def test_a_name_that_would_need_quotes_is_refused(write_config, name, fix):
    write_config(prod=f"catalog:\n  name: {name}\n")
    error = refused(InvalidValueError)
    assert (error.location, error.fix) == ("config/prod.yaml:2", fix)


@pytest.mark.parametrize(("prefix", "fix"), [("dev-alice_", "write `dev_alice_`"), ("1_", "write `_1_`")])
def test_a_schema_prefix_that_no_schema_can_begin_with_is_refused(write_config, prefix, fix):
    write_config(prod=f"catalog: {{name: prod_a, schema_prefix: '{prefix}'}}\n")
    assert refused(InvalidValueError).fix == fix


def test_a_section_may_replace_a_wrong_value_below_it(write_config):
    write_config(
        defaults="catalog: {schema: flights}\nspark: nightly\n",
        prod="catalog: {name: prod_a}\nspark: {mode: classic}\n",
    )
    assert ConfigLoader.load("prod").spark.mode == "classic"


def test_an_environment_key_that_contradicts_the_file_name_is_refused(write_config):
    write_config(prod="environment: dev\ncatalog: {name: prod_analytics}\n")
    error = refused(InvalidValueError)
    assert "`environment` is `dev`, but `prod` is loaded (argument env)" in error.summary
    assert error.location == "config/prod.yaml:1"


def test_several_problems_are_reported_at_once(write_config, monkeypatch):
    monkeypatch.setenv("DBX_CATLOG__NAME", "x")
    write_config(prod="sprak: 1\nowner: 7\nproject: ${NOT_SET}\ncatalog: {name: prod_analytics}\n")
    error = refused(ConfigProblemsError)
    assert error.summary == "config: 4 problems in environment `prod`"
    assert {problem.location for problem in error.problems} == {
        "environment DBX_CATLOG__NAME", "config/prod.yaml:1", "config/prod.yaml:2", "config/prod.yaml:3",
    }  # fmt: skip


def test_every_error_is_a_value_error_and_the_fitting_builtin(write_config):
    write_config(prod="owner: me\n")
    assert isinstance(refused(ConfigError), ValueError)
    assert isinstance(refused(ConfigError), KeyError)
