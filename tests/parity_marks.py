"""A pytest plugin: marks for what a laptop and a workspace do differently; `scripts/parity_page.py` makes the page of them.

A laptop runs code in two modes: `connect` (the engine behind Spark Connect) and `classic` (Spark inside the process).

    ours       We can make it equal to a workspace, and have not yet.
    upstream   Spark, Delta or MLflow would have to change first.
    never      It belongs to a workspace; a laptop refuses it with the reason, or has something in its place.
    unverified No page that we found says what a workspace does, and none was tried; a laptop does what seems likely.

A test with `ours` or `upstream` asserts what a **workspace** does, so in the modes named by `where` it must fail, and the failure's
message must hold the text `fails`. A test that passes there, or fails with another message, is a failure: the page would be wrong. In
a mode that is not named the test runs as any other. A test with `never` asserts what a **laptop** does (the refusal, or what takes the
feature's place) and must pass: a strict failure would stay green when the refusal changed, this notices it. So does a test with
`unverified`.

Fields, all of them text: `where` ("connect", "classic" or a tuple of both), `area` (one of `AREAS`), `what` (as a reader looks it up),
`fails` (for `ours` and `upstream`), `instead` (what a laptop does; needed for `never` and `unverified`, otherwise the page shows
`fails`), `reason`, `link` (Databricks' documentation of what a workspace does), `workspace` (what a workspace does where "works" is
not enough). A test's mode is its parameter `spark`; a test without it holds for both.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

MODES = ("connect", "classic")
AREAS = (
    "Sessions and the DataFrame API",
    "SQL: tables and data",
    "SQL: governance",
    "SQL: functions and names",
    "Files",
    "Notebooks and dbutils",
    "Tasks of a job",
    "Models",
)
_NEEDED = ("where", "area", "what", "reason", "link")
_FAILING = ("ours", "upstream")
_NEEDED_BY = {
    "ours": (*_NEEDED, "fails"),
    "upstream": (*_NEEDED, "fails"),
    "never": (*_NEEDED, "instead"),
    "unverified": (*_NEEDED, "instead"),
}
_OPTIONAL_FOR = {
    "ours": ("instead", "workspace"),
    "upstream": ("instead", "workspace"),
    "never": ("workspace",),
    "unverified": (),
}
_WORKSPACE = {"unverified": "not verified against a workspace"}
_MEANING = {
    "ours": "equal in a workspace, not here yet; a strict expected failure",
    "upstream": "Spark, Delta or MLflow would have to change; a strict expected failure",
    "never": "a workspace's alone; the test passes and shows what happens here",
    "unverified": "what a workspace does is not known for sure; the test passes and shows what happens here",
}


@dataclass(frozen=True)
class Difference:
    """What a mark says.

    Attributes:
        kind: `ours`, `upstream`, `never` or `unverified`.
        where: The modes of a laptop in which it differs.
        area: Where it stands on the page.
        what: The thing that differs.
        fails: A part of the failure's message; empty for `never` and `unverified`.
        instead: What a laptop does; empty where it fails with that message.
        workspace: What a workspace does.
        reason: Why it differs.
        link: Where Databricks documents it.
    """

    kind: str
    where: tuple[str, ...]
    area: str
    what: str
    fails: str
    instead: str
    workspace: str
    reason: str
    link: str


def pytest_configure(config: pytest.Config) -> None:
    """Register the marks."""
    for kind, meaning in _MEANING.items():
        fields = ", ".join(f"{field}=" for field in (*_NEEDED_BY[kind], *_OPTIONAL_FOR[kind]))
        config.addinivalue_line("markers", f"{kind}({fields}): {meaning}")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Turn the marks into strict expected failures; refuse marks that are not complete."""
    problems: list[str] = []
    for item in items:
        try:
            found = differences(item)
        except ValueError as error:
            problems.append(f"{item.nodeid}: {error}")
            continue
        for difference in found:
            if difference.kind in _FAILING and set(modes(item)) <= set(difference.where):
                item.add_marker(_expected_failure(difference))
    if problems:
        raise pytest.UsageError(*problems)


def modes(item: pytest.Item) -> tuple[str, ...]:
    """Return the modes that a test holds for."""
    callspec = getattr(item, "callspec", None)
    mode = callspec.params.get("spark") if callspec else None
    return (mode,) if mode in MODES else MODES


def differences(item: pytest.Item) -> list[Difference]:
    """Return what the marks of a test say.

    Raises:
        ValueError: A mark lacks a field or has a wrong one; a mode is marked to fail twice, or to fail and to pass; a mark names one of
            two modes and the test does not run in each.
    """
    found = [_read(mark) for mark in _marks(item)]
    failing = [mode for difference in found if difference.kind in _FAILING for mode in difference.where]
    passing = {mode for difference in found if difference.kind not in _FAILING for mode in difference.where}
    if twice := sorted(mode for mode in MODES if failing.count(mode) + (mode in passing) > 1):
        raise ValueError(f"marks that exclude each other for {', '.join(twice)}")
    named = sorted({*failing, *passing})
    if named and modes(item) == MODES and set(named) != set(MODES):
        raise ValueError(
            f"a mark for {named[0]} alone, but the test has no parameter `spark` that tells the mode"
        )
    return found


def _marks(item: pytest.Item) -> Iterator[pytest.Mark]:
    return (mark for mark in item.iter_markers() if mark.name in _MEANING)


def _read(mark: pytest.Mark) -> Difference:
    kind, needed, optional = mark.name, _NEEDED_BY[mark.name], _OPTIONAL_FOR[mark.name]
    if mark.args:
        raise ValueError(f"`{kind}` takes fields by name only, not {mark.args[0]!r}")
    if unknown := sorted(set(mark.kwargs) - {*needed, *optional}):
        raise ValueError(f"`{kind}` has no field {unknown[0]}; it has {', '.join((*needed, *optional))}")
    fields = {"fails": "", "instead": "", "workspace": _WORKSPACE.get(kind, "works"), **mark.kwargs}
    where = fields.get("where") or ()
    fields["where"] = (where,) if isinstance(where, str) else tuple(where)
    for field in (*needed, "workspace"):
        if not fields.get(field) or not str(fields[field]).strip():
            raise ValueError(f"`{kind}` has no {field}")
    if wrong := [mode for mode in fields["where"] if mode not in MODES]:
        raise ValueError(f"`{kind}`: unknown mode {wrong[0]!r}; the modes are {', '.join(MODES)}")
    if fields["area"] not in AREAS:
        raise ValueError(f"`{kind}`: unknown area {fields['area']!r}; the areas are {', '.join(AREAS)}")
    if not fields["link"].startswith("https://"):
        raise ValueError(f"`{kind}`: the link {fields['link']!r} does not begin with https://")
    return Difference(kind=kind, **fields)


def _expected_failure(difference: Difference) -> pytest.MarkDecorator:
    expected = pytest.RaisesExc(BaseException, match=re.escape(difference.fails))
    return pytest.mark.xfail(raises=expected, strict=True, reason=f"{difference.kind}: {difference.reason}")
