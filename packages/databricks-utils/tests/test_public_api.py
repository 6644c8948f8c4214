"""The public names of `databricks_utils` and their signatures: a change of them is a change of the snapshot."""

import pytest
from public_api import SNAPSHOT, described, public_api

pytestmark = [pytest.mark.unit, pytest.mark.contract]


def test_the_public_names_and_signatures_are_those_of_the_snapshot():
    assert public_api() == SNAPSHOT.read_text(encoding="utf-8"), (
        "if this is meant: `make api`, and a fragment in changelog.d"
    )


class Before:
    limit: int = 1

    def rows(self, *, of: str) -> int: ...

    def _private(self): ...


class After:
    limit: int = 2

    def rows(self, *, of: str, until: str) -> int: ...

    def _private(self, more): ...


def test_a_changed_default_and_a_new_argument_are_noticed_and_private_members_are_not_shown():
    assert list(described("X", Before)) == [
        "class X",
        "    limit: int = 1",
        "    def rows(self, *, of: str) -> int",
    ]
    assert list(described("X", After)) == [
        "class X",
        "    limit: int = 2",
        "    def rows(self, *, of: str, until: str) -> int",
    ]
