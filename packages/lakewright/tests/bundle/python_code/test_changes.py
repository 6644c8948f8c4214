"""What a phase may change, with a library of these tests that changes what the real one cannot."""

import json
from pathlib import Path

import pytest

from lakewright.bundle import Location
from lakewright.bundle.model.tree import from_plain
from lakewright.bundle.python_code.changes import Changes
from lakewright.bundle.python_code.places import Places, read_places
from lakewright.bundle.python_code.tracebacks import read_traceback

pytestmark = pytest.mark.unit

YAML = Location(Path("/p/databricks.yml"), 3, 1)
CODE = Location(Path("/p/jobs.py"), 9, 1)
LIBRARY = """\
import json
import sys

given = dict(zip(sys.argv[1::2], sys.argv[2::2]))
bundle = json.load(open(given["--input"]))
phase = given["--phase"]
{change}
json.dump(bundle, open(given["--output"], "w"))
open(given["--diagnostics"], "w").close()
"""


def loaded(shop, change: str):
    """Load a bundle with a library that changes what it is given."""
    shop.write(
        "databricks.yml",
        "bundle: {name: s}\npython: {resources: ['a:b'], mutators: ['a:c']}\n"
        "resources: {jobs: {j: {name: J, tags: {a: b}}}, schemas: {}}\n",
    )
    shop.write("databricks/__init__.py", "")
    shop.write("databricks/bundles/__init__.py", "")
    shop.write("databricks/bundles/build.py", LIBRARY.format(change=change))
    return shop.load()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("bundle['bundle']['name'] = 'other'", "changes `bundle`"),
        ("bundle['more'] = 1", "changes `more`"),
        ("del bundle['resources']['jobs']['j']", "deletes resources.jobs.j"),
        ("del bundle['resources']['jobs']", "deletes resources.jobs.j"),
        ("del bundle['resources']", "deletes resources.jobs.j"),
        ("bundle['resources']['jobs'] = 'none'", "deletes resources.jobs.j"),
        ("bundle['resources']['jobs']['j'] = 'none'", "resources.jobs.j is defined in Python and in YAML"),
        (
            "if phase == 'load_resources': del bundle['resources']['jobs']['j']['tags']",
            "resources.jobs.j is defined in Python and in YAML",
        ),
        (
            "if phase == 'apply_mutators': bundle['resources']['jobs']['k'] = {'name': 'K'}",
            "adds resources.jobs.k by a mutator",
        ),
    ],
)
def test_what_a_phase_may_not_change_is_refused_and_left_as_it_was(shop, change, words):
    bundle = loaded(shop, change)
    (finding,) = bundle.diagnostics
    assert finding.code == "LW163"
    assert words in finding.summary
    assert finding.location is not None
    assert bundle.jobs["j"]["name"] == "J"
    assert list(bundle.jobs) == ["j"]


def test_a_library_that_writes_no_locations_leaves_new_resources_at_the_section(shop):
    bundle = loaded(
        shop,
        "bundle['resources']['jobs']['k'] = {'name': 'K'} if phase == 'load_resources' else bundle['resources']['jobs']['k']",
    )
    assert bundle.diagnostics == ()
    assert bundle.locate("resources.jobs.k.name").line == 2


def test_a_kind_that_nobody_knows_is_reported_and_left_out(shop):
    bundle = loaded(shop, "if phase == 'load_resources': bundle['resources']['jbs'] = {'k': {'name': 'K'}}")
    assert "unknown" in bundle.diagnostics[0].summary
    assert "jbs" not in bundle.resolved["resources"]


def changed(left: dict, right: dict) -> tuple[dict, Changes]:
    changes = Changes(Places({("resources", "jobs", "j"): CODE, ("resources", "jobs", "k"): CODE}))
    merged = changes.over(from_plain(left, (YAML,)), right)
    return merged, changes


def test_unchanged_values_keep_their_place_and_changed_ones_get_that_of_the_code():
    left = {"jobs": {"j": {"name": "J", "tags": {"a": "b"}, "tasks": [{"task_key": "t"}, {"task_key": "u"}]}}}
    right = {"jobs": {"j": {"name": "K", "tags": {"a": "b", "c": "d"}, "tasks": [{"task_key": "t"}]}}}
    merged, changes = changed(left, right)
    places = {
        path: merged.get("jobs", "j", *path).location
        for path in (("name",), ("tags", "a"), ("tags", "c"), ("tasks", 0))
    }
    assert places == {("name",): CODE, ("tags", "a"): YAML, ("tags", "c"): CODE, ("tasks", 0): YAML}
    assert merged.plain() == right
    assert (list(changes.added), list(changes.updated), list(changes.deleted)) == ([], [("jobs", "j")], [])


def test_what_is_empty_may_be_missing_from_the_output():
    left = {"jobs": {"j": {"tags": {}, "tasks": [], "queue": None}}, "schemas": {}, "volumes": None}
    merged, changes = changed(left, {"jobs": {"j": {}}})
    assert merged.plain() == left
    assert not {**changes.added, **changes.updated, **changes.deleted}


def test_a_value_of_another_kind_is_a_change_and_an_equal_one_is_none():
    assert changed({"jobs": {"j": {"a": 1}}}, {"jobs": {"j": {"a": True}}})[1].updated
    assert changed({"jobs": {"j": {"a": 1}}}, {"jobs": {"j": {"a": "1"}}})[1].updated
    assert not changed({"jobs": {"j": {"a": 1}}}, {"jobs": {"j": {"a": 1}}})[1].updated


def test_a_null_section_gets_resources():
    merged, changes = changed({"jobs": None}, {"jobs": {"k": {"name": "K"}}})
    assert list(changes.added) == [("jobs", "k")]
    assert merged.get("jobs", "k", "name").location == CODE


def test_the_place_of_a_resource_is_found_whatever_its_key(tmp_path):
    file = tmp_path / "locations.json"
    entries = [
        {"path": "resources.jobs.a.b", "file": "x.py", "line": 2, "column": 1},
        {"path": "resources.jobs.c.tasks[0].task_key", "file": "/elsewhere/y.py", "line": 3},
    ]
    file.write_text("\n".join(map(json.dumps, entries)) + "\n", encoding="utf-8")
    places = read_places(file, tmp_path)
    assert places.around(("resources", "jobs", "a.b", "name")) == Location(tmp_path / "x.py", 2, 1)
    assert places.around(("resources", "jobs", "c", "tasks", 0, "task_key")) == Location(
        Path("/elsewhere/y.py"), 3, 1
    )
    assert places.around(("resources", "jobs", "c")) is None


def test_a_traceback_is_read_to_its_last_exception_and_the_projects_last_frame():
    text = (
        'Traceback (most recent call last):\n  File "/p/a.py", line 1, in f\n    x\nKeyError: 1\n\n'
        "The above exception was the direct cause of the following exception:\n\n"
        'Traceback (most recent call last):\n  File "/p/b.py", line 2, in g\n    y\n    ^\n'
        '  File "/p/.venv/lib/python3.12/site-packages/z.py", line 3, in h\n    z\nown.errors.BadError: first\nsecond\n'
    )
    raised = read_traceback(text, Path("/p"), Path("/p/.venv"))
    assert raised.headline == "BadError: first"
    assert raised.message == "first\nsecond"
    assert raised.place == Location(Path("/p/b.py"), 2, 1)
    assert raised.frames == ("b.py:2 in g",)


@pytest.mark.parametrize("text", ["", "no traceback\n", 'File "x", line 1'])
def test_other_text_is_no_traceback(text):
    assert read_traceback(text, Path("/p")).kind == ""
