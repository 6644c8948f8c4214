"""A session of a person is held to the rights on files of the principal that it acts as."""

import pytest

from lakewright.interactive_runtime import InteractiveRuntime
from lakewright.rights import NotGrantedError
from lakewright.runner.inside.task_runtime import TaskRuntime
from lakewright.storage.fuse import mount

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("principal", ["bob", None])
def test_a_session_is_held_to_its_principal(lake, monkeypatch, principal):
    lake._fill()

    def attach(_session):
        if principal:
            monkeypatch.setenv("LAKEWRIGHT_PRINCIPAL", principal)

    monkeypatch.delenv("LAKEWRIGHT_PRINCIPAL", raising=False)
    monkeypatch.setattr(InteractiveRuntime, "_attach", attach)
    monkeypatch.setattr(TaskRuntime, "__init__", lambda *_, **__: None)
    InteractiveRuntime(lake.storage.project, principal)
    try:
        if principal:
            with pytest.raises(NotGrantedError):
                open("/Volumes/c/s/v/a.csv")
        else:
            with open("/Volumes/c/s/v/a.csv") as stream:
                assert stream.read() == "x\n1\n"
    finally:
        mount(lake.storage)()
