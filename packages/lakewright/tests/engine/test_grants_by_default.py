"""The policy that an engine has by default, and what a session receives of its principal."""

import pytest

from lakewright.engine import EngineSettings
from lakewright.engine.environment_variables import GRANTS_VARIABLE, PRINCIPAL_VARIABLE
from lakewright.engine.handle import EngineHandle
from lakewright.engine.session import act_as, copy_identity
from lakewright.engine.settings.fixed import fixed_settings
from lakewright.engine.settings.spark_properties import spark_properties

pytestmark = pytest.mark.unit


class Conf(dict):
    """The settings of a session, in the order in which they were set."""

    set = dict.__setitem__


class Session:
    """Settings, and the statements that are run."""

    schema = None

    def __init__(self):
        self.conf, self.statements = Conf(), []

    def sql(self, text):
        self.statements.append(text)
        return self


def test_an_engine_holds_principals_to_their_grants_by_default(tmp_path):
    properties = spark_properties(tmp_path, EngineSettings())
    assert properties["spark.lakewright.accessPolicy"] == "lakewright.StoredGrants"


def test_a_session_without_a_principal_is_the_owners():
    session = Session()
    act_as(session, {GRANTS_VARIABLE: "ignored"})
    assert not session.conf
    assert not session.statements


def test_a_session_is_told_whether_it_is_held_to_grants_before_its_principal():
    session, another = Session(), Session()
    act_as(session, {PRINCIPAL_VARIABLE: "ana", GRANTS_VARIABLE: "ignored"})
    assert list(session.conf) == ["spark.lakewright.grantsEnforced", "spark.lakewright.principal"]
    assert session.statements  # the first one fixes who it is
    act_as(another, {PRINCIPAL_VARIABLE: "ana"})
    assert dict(another.conf) == {"spark.lakewright.principal": "ana"}


def test_a_session_that_is_made_from_another_has_its_principal():
    one, other = Session(), Session()
    act_as(one, {PRINCIPAL_VARIABLE: "ana", GRANTS_VARIABLE: "ignored"})
    copy_identity(one, other)
    assert other.conf == one.conf


def test_where_the_engine_refuses_nothing_the_files_and_models_of_a_task_are_not_refused_either(tmp_path):
    settings = EngineSettings(spark_config={"spark.lakewright.accessPolicy": "lakewright.AllowAll"})
    handle = EngineHandle(tmp_path, 1, 2, 3, "t", "python", "4.2", "17", "now", fixed_settings(settings))
    assert handle.environment("ana")[GRANTS_VARIABLE] == "ignored"
    assert handle.classic_environment("ana")[GRANTS_VARIABLE] == "ignored"
    strict = EngineHandle(
        tmp_path, 1, 2, 3, "t", "python", "4.2", "17", "now", fixed_settings(EngineSettings())
    )
    assert GRANTS_VARIABLE not in strict.environment("ana")
