"""Whom a task works for, with and without an engine: files and models are asked for without one."""

from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from lakewright.rights import rights_of_process
from lakewright.runner.execution.task_specs import with_engine

pytestmark = pytest.mark.unit


@dataclass(frozen=True)
class Spec:
    environment: dict
    spark: str = ""


def environment(*, run_as=None, job=None, principal=None, enforced=True):
    here = SimpleNamespace(engine=lambda: None, principal=principal, is_enforced=enforced)
    spec = {"run_as": run_as} if run_as else {}
    attempt = SimpleNamespace(task=SimpleNamespace(spec=spec), job=SimpleNamespace(principal=job))
    return with_engine(here, attempt, Spec({"OWN": "x"})).environment


def test_a_task_without_an_engine_works_for_its_jobs_principal(tmp_path):
    found = environment(job="ingestion-job")
    assert found == {"OWN": "x", "LAKEWRIGHT_PRINCIPAL": "ingestion-job"}
    assert rights_of_process(tmp_path, found).principal == "ingestion-job"


def test_the_tasks_own_principal_and_that_of_the_run_go_before_it():
    own = {"service_principal_name": "own"}
    assert environment(run_as=own, job="job")["LAKEWRIGHT_PRINCIPAL"] == "own"
    assert environment(run_as=own, job="job", principal="ana")["LAKEWRIGHT_PRINCIPAL"] == "ana"


def test_a_bundle_without_grants_holds_nobody(tmp_path):
    assert rights_of_process(tmp_path, environment(job="job", enforced=False)) is None
    assert rights_of_process(tmp_path, environment()) is None
