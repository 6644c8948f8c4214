"""Secrets can be used and are never shown."""

import copy
import json
import pickle
import traceback
import warnings

import pytest
from pydantic import BaseModel, SecretStr

from databricks_utils.config import ConfigError, ConfigLoader, EnvironmentConfig, reveal
from databricks_utils.config.explain import explain
from databricks_utils.config.secrecy import MASK, LiteralSecretWarning, looks_secret

pytestmark = [
    pytest.mark.unit,
    pytest.mark.filterwarnings("ignore::databricks_utils.config.model.unused.UnusedKeyWarning"),
]

PROD = "catalog: {name: prod_analytics}\n"


def shown(config):
    explained = json.dumps([str(row) for row in explain(config)])
    copies = repr(pickle.loads(pickle.dumps(config))) + repr(copy.deepcopy(config))
    dumped = config.model_dump_json() + json.dumps(config.model_dump(mode="json"))
    return repr(config) + str(config) + repr(config.extra) + explained + copies + dumped


@pytest.mark.parametrize(
    "text",
    [
        "monte_carlo: {api_id: '${THE_VALUE}', api_token: x}",
        "alerts: {webhook_url: '${THE_VALUE}'}",
        "extra: {db: {password: '${THE_VALUE}'}}",
        "extra: {apiKeys: ['${THE_VALUE}']}",
        "extra: {url: 'postgres://me:${DB_PASSWORD}@host/db'}",
        "mlflow: {tracking_uri: 'https://me:${DB_PASSWORD}@host'}",
        "spark: {config: {fs.azure.account.key.store.dfs.core.windows.net: '${THE_VALUE}'}}",
    ],
)
@pytest.mark.filterwarnings("ignore::databricks_utils.config.secrecy.LiteralSecretWarning")
def test_a_secret_is_in_no_repr_no_json_no_copy_and_no_explanation(write_config, monkeypatch, text):
    monkeypatch.setenv("THE_VALUE", "hunter2")
    monkeypatch.setenv("DB_PASSWORD", "hunter2")
    write_config(prod=f"{PROD}{text}\n")
    output = shown(ConfigLoader.load("prod"))
    assert "hunter2" not in output
    assert MASK in output


def test_a_hidden_value_is_used_like_any_other(write_config, monkeypatch):
    monkeypatch.setenv("DB_PASSWORD", "hunter2")
    write_config(prod=f"{PROD}extra: {{password: '${{DB_PASSWORD}}'}}\n")
    config = ConfigLoader.load("prod")

    class Extra(BaseModel):
        password: SecretStr

    assert config.extra["password"] == "hunter2"
    assert config.extra_as(Extra).password.get_secret_value() == "hunter2"


@pytest.mark.parametrize(
    "line",
    [
        "monitoring: {windows: '${API_TOKEN}'}",
        "alerts: {webhook_url: [hunter2]}",
        "alerts: {emails: '${API_TOKEN}'}",
        "monte_carlo: {api_token: 4711}",
    ],
)
def test_an_error_about_a_secret_does_not_show_it(write_config, monkeypatch, line):
    monkeypatch.setenv("API_TOKEN", "hunter2")
    write_config(prod=f"{PROD}{line}\n")
    with pytest.raises(ConfigError) as caught:
        ConfigLoader.load("prod")
    chain = f"{caught.value} {caught.value.__cause__} {caught.value.__context__}"
    assert "hunter2" not in chain
    assert "4711" not in chain


def test_an_error_of_the_projects_own_model_shows_no_secret(write_config, monkeypatch):
    class Extra(BaseModel):
        password: int

    monkeypatch.setenv("DB_PASSWORD", "hunter2")
    write_config(prod=f"{PROD}extra: {{password: '${{DB_PASSWORD}}'}}\n")
    config = ConfigLoader.load("prod")
    with pytest.raises(ConfigError) as caught:
        config.extra_as(Extra)
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


def test_pydantics_own_error_of_a_configuration_built_by_hand_does_not_show_it():
    catalog = {"name": "dev_analytics", "schema": "flights"}
    with pytest.raises(ValueError, match="webhook_url") as caught:
        EnvironmentConfig(environment="dev", catalog=catalog, alerts={"webhook_url": ["hunter2"]})
    assert "hunter2" not in str(caught.value)


def test_json_without_secrets_has_every_value_as_it_is(write_config):
    write_config(prod=f"{PROD}spark: {{config: {{a.b: 1}}}}\nextra: {{x: [1, {{y: null}}]}}\n")
    dumped = ConfigLoader.load("prod").model_dump(mode="json", by_alias=True)
    assert dumped["catalog"] == {
        "name": "prod_analytics",
        "schema": "flights",
        "schema_prefix": "",
        "uses_environments": [],
    }
    assert (dumped["extra"], dumped["spark"]["config"]) == ({"x": [1, {"y": None}]}, {"a.b": "1"})


def test_a_secret_written_into_a_file_causes_a_warning_with_its_line(write_config):
    write_config(prod=f"{PROD}alerts:\n  webhook_url: https://chat.example/hunter2\n")
    with pytest.warns(LiteralSecretWarning, match=r"`alerts.webhook_url` \(config/prod.yaml:3\)") as caught:
        ConfigLoader.load("prod")
    assert "hunter2" not in str(caught[0].message)


def test_a_reference_or_a_variable_causes_no_warning(write_config, monkeypatch):
    monkeypatch.setenv("HOOK", "https://chat.example/hunter2")
    write_config(
        prod=f"{PROD}alerts: {{webhook_url: '${{HOOK}}'}}\n"
        "extra: {password: 'secret://scope/key'}\nspark: {config: {a.password: '{{secrets/scope/key}}'}}\n"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error", LiteralSecretWarning)
        config = ConfigLoader.load("prod")
    rows = {row.key: row.value for row in explain(config)}
    assert rows["extra.password"] == "secret://scope/key"
    assert rows["spark.config.a.password"] == "{{secrets/scope/key}}"


def test_a_reference_is_read_from_its_scope_when_it_is_used():
    scopes = {("flights", "token"): "hunter2"}
    assert reveal(SecretStr("secret://flights/token"), get=lambda scope, key: scopes[scope, key]) == "hunter2"
    assert reveal(SecretStr("plain")) == "plain"
    with pytest.raises(ConfigError, match=r"fix: pass get=dbutils\.secrets\.get"):
        reveal("secret://flights/token")


@pytest.mark.parametrize(
    "key", ["password", "db_password", "API_KEY", "apiKey", "auth.token", "fs.azure.account.key.x"]
)
def test_keys_that_usually_hold_secrets_are_recognised(key):
    assert looks_secret(key)


@pytest.mark.parametrize(
    "key", ["tokenizer", "key", "keys", "primary_key", "passenger", "secretary", "spark.sql.x"]
)
def test_ordinary_keys_are_not_taken_for_secrets(key):
    assert not looks_secret(key)
