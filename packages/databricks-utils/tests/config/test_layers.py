"""Which of several sources wins, and how deep they merge."""

import pytest

from databricks_utils.config import ConfigLoader, EnvironmentConfig
from databricks_utils.config.errors import InvalidValueError

pytestmark = [
    pytest.mark.unit,
    pytest.mark.filterwarnings("ignore::databricks_utils.config.model.unused.UnusedKeyWarning"),
]


def test_the_environments_file_changes_one_key_of_a_section_and_leaves_the_others(write_config):
    write_config(
        defaults="catalog: {schema: flights}\nspark:\n  app_name: nightly\n  config: {a.x: 1, a.y: 2}\n",
        prod="catalog: {name: prod_analytics}\nspark:\n  config: {a.y: 3}\n",
    )
    spark = ConfigLoader.load("prod").spark
    assert (spark.app_name, spark.config) == ("nightly", {"a.x": "1", "a.y": "3"})


def test_each_source_wins_over_the_one_below_it(write_config, monkeypatch):
    write_config(
        defaults="owner: defaults\ncatalog: {schema: flights}\n",
        dev="owner: file\ncatalog: {name: dev_analytics}\n",
        dev__local="owner: personal\n",
    )
    assert ConfigLoader.load("prod").owner == "defaults"
    assert ConfigLoader.load("dev").owner == "personal"
    monkeypatch.setenv("DBX_OWNER", "variable")
    assert ConfigLoader.load("dev").owner == "variable"
    assert ConfigLoader.load("dev", overrides={"owner": "argument"}).owner == "argument"


def test_overrides_may_be_dotted_or_nested_or_both(write_config):
    write_config()
    overrides = {
        "catalog.schema_prefix": "dev_alice_",
        "spark": {"config": {"a.b": True}},
        "spark.mode": "classic",
    }
    config = ConfigLoader.load("dev", overrides=overrides)
    assert config.catalog.schema_prefix == "dev_alice_"
    assert (config.spark.mode, config.spark.config) == ("classic", {"a.b": "true"})


def test_a_list_is_replaced_as_a_whole(write_config):
    write_config(
        defaults="catalog: {schema: flights}\nalerts: {emails: [a@x, b@x]}\n",
        prod="catalog: {name: prod_analytics}\nalerts: {emails: [c@x]}\n",
    )
    assert ConfigLoader.load("prod").alerts.emails == ("c@x",)


def test_a_section_whose_lines_are_all_comments_leaves_what_is_below_it(write_config):
    write_config(
        defaults="catalog: {schema: flights}\nspark: {app_name: nightly}\n",
        prod="catalog: {name: prod_analytics}\nspark:\n  # app_name: other\n",
    )
    assert ConfigLoader.load("prod").spark.app_name == "nightly"


def test_null_takes_a_value_back_to_its_default(write_config):
    write_config(
        defaults="owner: someone\ncatalog: {schema: flights}\n",
        prod="owner: null\ncatalog: {name: prod_analytics}\n",
    )
    assert ConfigLoader.load("prod").owner == "unknown"


def test_the_defaults_file_may_be_absent(write_config):
    write_config(defaults=None, dev="catalog: {name: dev_analytics, schema: flights}\n")
    assert ConfigLoader.load("dev").catalog.schema_ == "flights"


@pytest.mark.never(
    where=("connect", "classic"),
    area="Models",
    what="the tracking server and the model registry",
    instead="MLflow with a SQLite file below `.lakewright`; in a run, a shell and a notebook `databricks` and `databricks-uc` mean it, "
    "the latter with Unity Catalog's rules (three-part names, signatures, aliases)",
    workspace="`databricks` and `databricks-uc`",
    reason="a local run contacts no workspace",
    link="https://docs.databricks.com/aws/en/machine-learning/manage-model-lifecycle/",
)
def test_the_local_environment_keeps_mlflow_and_volumes_below_the_project(write_config):
    project = write_config().parent
    config = ConfigLoader.load("local")
    assert (
        config.mlflow.tracking_uri
        == config.mlflow.registry_uri
        == f"sqlite:///{project}/.lakewright/mlflow.db"
    )
    assert config.mlflow.artifact_location == f"{project}/.lakewright/artifacts"
    assert config.storage.volume_root == f"{project}/.lakewright/lakehouse/volumes"
    assert config.project_root == project


def test_other_environments_use_the_workspaces_mlflow_and_volumes(write_config):
    write_config()
    config = ConfigLoader.load("prod")
    assert (config.mlflow.tracking_uri, config.mlflow.registry_uri) == ("databricks", "databricks-uc")
    assert (config.mlflow.experiment, config.storage.volume_root) == ("/Shared/prod_flights", "/Volumes")


def test_a_folder_without_defaults_loads(write_config):
    write_config(
        defaults=None,
        local="""
spark:
  app_name: "pipeline-local"
  master: "local[*]"
  config:
    spark.sql.shuffle.partitions: "4"
    spark.sql.adaptive.enabled: "true"

catalog:
  name: "local_catalog"
  schema: "dev_schema"
""",
    )
    config = ConfigLoader.load("local", "config")
    assert (config.spark.master, config.catalog.schema_, config.project) == (
        "local[*]",
        "dev_schema",
        "dev_schema",
    )


def test_a_configuration_is_frozen(write_config):
    write_config()
    config = ConfigLoader.load("dev")
    with pytest.raises(ValueError, match="frozen"):
        config.owner = "me"


def test_a_configuration_built_by_hand_gets_the_same_defaults():
    config = EnvironmentConfig(environment="dev", catalog={"name": "dev_analytics", "schema": "flights"})
    assert (config.project, config.mlflow.experiment) == ("flights", "/Shared/dev_flights")
    with pytest.raises(ValueError, match="must begin with `dev_`"):
        EnvironmentConfig(environment="dev", catalog={"name": "prod_analytics", "schema": "flights"})


def test_bundle_variables_keep_whatever_shape_they_have(write_config):
    write_config(
        local="catalog: {name: local_analytics}\n"
        "bundle_variables:\n  node: null\n  cluster: {workers: 1}\n  who: ${workspace.current_user.userName}\n"
    )
    variables = ConfigLoader.load("local").bundle_variables
    assert variables == {"node": None, "cluster": {"workers": 1}, "who": "${workspace.current_user.userName}"}


def test_a_projects_name_with_dashes_still_gives_a_models_name(write_config):
    write_config(defaults="project: 2-day flights\ncatalog: {schema: flights}\n")
    assert ConfigLoader.load("dev").mlflow.model_name == "_2_day_flights"


def test_an_environment_touches_no_other_one_unless_it_says_so(tmp_path):
    for name in ("dev", "lab", "prod"):
        (tmp_path / f"{name}.yaml").write_text(f"catalog: {{name: {name}_analytics, schema: s}}\n")
    assert ConfigLoader.load("dev", tmp_path).untouched_environments == ("lab", "prod")
    (tmp_path / "dev.yaml").write_text(
        "catalog: {name: dev_analytics, schema: s, uses_environments: [prod]}\n"
    )
    assert ConfigLoader.load("dev", tmp_path).untouched_environments == ("lab",)


def test_an_environment_that_does_not_exist_cannot_be_used(tmp_path):
    (tmp_path / "prod.yaml").write_text("catalog: {name: prod_analytics, schema: s}\n")
    (tmp_path / "dev.yaml").write_text(
        "catalog:\n  name: dev_analytics\n  schema: s\n  uses_environments: [prd]\n"
    )
    with pytest.raises(InvalidValueError, match="names `prd`, and there is no such environment") as caught:
        ConfigLoader.load("dev", tmp_path)
    assert caught.value.fix == "did you mean `prod`?"
    assert str(caught.value.location).endswith("dev.yaml:4")
