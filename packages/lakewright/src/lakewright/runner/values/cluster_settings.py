"""What a task gets of its cluster: Spark settings for its session and variables for its process.

On Databricks they hold for the whole cluster. Here all tasks share one engine and one machine, so what shapes those has no
effect, and the dry run lists it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lakewright.bundle import Bundle, TaskCluster, cluster_of
from lakewright.bundle.model.references import references
from lakewright.runner.handover.secrets import secret_value
from lakewright.runner.values.cluster_keys import (
    has_effect,
    is_setting_of_a_session,
    is_variable_of_a_task,
    is_worth_a_note,
)
from lakewright.runner.values.local_values import localise, place_of
from lakewright.runner.values.text_form import text

_ON_CLUSTERS = ("notebook_task", "spark_python_task", "python_wheel_task")

# Databricks resolves a value only if the reference is all of it.
# Source: https://docs.databricks.com/aws/en/security/secrets/secrets-spark-conf-env-var
_SECRET = re.compile(r"\{\{secrets/(?P<scope>[^/{}]+)/(?P<key>[^/{}]+)\}\}")


@dataclass(frozen=True)
class ClusterSettings:
    """The part of a cluster that a task gets.

    Attributes:
        spark_conf: Settings for its Spark session.
        variables: Variables for its process.
        without_effect: The keys and names that have no effect here.
        place: Where the cluster is written; None if the task has none.
    """

    spark_conf: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    without_effect: tuple[str, ...] = ()
    place: str | None = None


@dataclass(frozen=True)
class Clusters:
    """The clusters of a bundle, for local runs.

    Attributes:
        bundle: The bundle.
        secrets: The variables that hold secrets.
        own: Returns the keys that `spark.config` of `config/local.yaml` sets for this machine; they win.
    """

    bundle: Bundle
    secrets: Mapping[str, str]
    own: Callable[[], Collection[str]]

    def settings_for(self, job_key: str, task: Mapping[str, Any], path: str) -> ClusterSettings:
        """Return what a task gets of its cluster; nothing if no cluster runs it.

        Args:
            job_key: The key of its job.
            task: The task.
            path: Its key path.

        Raises:
            SecretError: A value names a secret that does not exist.
        """
        cluster = cluster_of(self.bundle, job_key, task, path)
        if cluster is None or not any(kind in task for kind in _ON_CLUSTERS):
            return ClusterSettings()
        values = _Values(self.bundle, cluster, self.secrets)
        conf, variables = dict(values.of("spark_conf")), dict(values.of("spark_env_vars"))
        own = self.own() if conf else ()
        held = {
            key: value
            for key, value in conf.items()
            if is_setting_of_a_session(key, value) and _is_known(value)
        }
        given = {
            name: value
            for name, value in variables.items()
            if is_variable_of_a_task(name) and _is_known(value)
        }
        lost = [key for key in conf if is_worth_a_note(key) and not (key in held and has_effect(key))]
        return ClusterSettings(
            spark_conf={key: value for key, value in held.items() if key not in own},
            variables=given,
            without_effect=(*lost, *(name for name in variables if name not in given)),
            place=place_of(self.bundle, cluster.path),
        )


@dataclass(frozen=True)
class _Values:
    bundle: Bundle
    cluster: TaskCluster
    secrets: Mapping[str, str]

    def of(self, name: str) -> Iterator[tuple[str, str]]:
        """Each entry of a field, with references and secrets replaced."""
        for key, value in self.cluster.part(name).items():
            known = str(localise(self.bundle, text(value)))
            secret = _SECRET.fullmatch(known.strip())
            yield str(key), known if secret is None else self._secret(secret, f"{name}.{key}")

    def _secret(self, found: re.Match[str], path: str) -> str:
        place = place_of(self.bundle, f"{self.cluster.path}.{path}")
        return secret_value(self.secrets, found["scope"], found["key"], location=place)


def _is_known(value: str) -> bool:
    """Whether a value is known without a workspace."""
    return not list(references(value))
