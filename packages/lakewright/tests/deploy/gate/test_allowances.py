"""Allowances: one resource each, with a reason and a day in the file."""

from datetime import date

import pytest

from lakewright.deploy.gate import AllowanceError, read_allowances
from lakewright.deploy.gate.allowances import allowances_of_options
from lakewright.deploy.plan import Action

pytestmark = pytest.mark.unit

TODAY = date(2026, 11, 27)
ENTRY = """\
allow:
  - resource: resources.schemas.bronze
    action: recreate
    target: prod
    reason: moved to the new catalog
    until: 2026-12-01
"""


@pytest.fixture
def written(tmp_path):
    def write(text):
        file = tmp_path / "plan-gate.yml"
        file.write_text(text)
        return file

    return write


def test_an_entry_is_read_with_its_place(written):
    (found,) = read_allowances(written(ENTRY), today=TODAY)
    assert (found.resource, found.action, found.target) == (
        "resources.schemas.bronze",
        Action.RECREATE,
        "prod",
    )
    assert (found.reason, found.until) == ("moved to the new catalog", date(2026, 12, 1))
    assert found.location.line == 2


@pytest.mark.parametrize("text", ["", "# nothing\n", "allow: []\n"])
def test_a_file_may_allow_nothing(written, text):
    assert read_allowances(written(text), today=TODAY) == ()


@pytest.mark.parametrize(
    ("old", "new", "words", "line"),
    [
        ("allow:", "permit:", "one key, `allow`", 1),
        ("allow:", "except: []\nallow:", "one key, `allow`", 1),
        (ENTRY, "allow: all\n", "one key, `allow`", 1),
        (ENTRY, "- everything\n", "one key, `allow`", 1),
        (ENTRY, "allow: [resources.schemas.bronze]\n", "an allowance is a map", 1),
        ("    reason: moved to the new catalog\n", "", "an allowance needs `reason`", 2),
        ("moved to the new catalog", "' '", "an allowance needs `reason`", 2),
        ("moved to the new catalog", "[a]", "`reason` is one value", 5),
        ("    target: prod\n", "", "an allowance needs `target`", 2),
        ("    until: 2026-12-01\n", "", "an allowance needs `until`", 2),
        ("until", "forever", "has no field `forever`", 6),
        ("2026-12-01", "soon", "`until: soon` is not a day such as 2026-12-28", 6),
        ("2026-12-01", "2026-12-29", "more than 31 days ahead; 2026-12-28 is the latest day", 6),
        ("recreate", "destroy", "not `destroy`", 3),
        ("recreate", "update", "not `update`", 3),
        ("resources.schemas.bronze", "resources.schemas.*", "is not the whole key", 2),
        ("resources.schemas.bronze", "resources.schemas", "is not the whole key", 2),
        ("resources.schemas.bronze", "bronze", "is not the whole key", 2),
        (ENTRY, ENTRY + ENTRY.removeprefix("allow:\n"), "is allowed twice for target prod", 7),
        ("allow:", "allow: [", "YAML", 2),
    ],
)
def test_a_wrong_file_is_refused_with_its_line_and_an_example(written, old, new, words, line):
    file = written(ENTRY.replace(old, new))
    with pytest.raises(AllowanceError, match=words.replace("*", r"\*").replace("[", r"\[")) as caught:
        read_allowances(file, today=TODAY)
    assert caught.value.location.startswith(f"{file}:{line}:")
    assert caught.value.fix


def test_the_example_of_a_fix_is_accepted_on_the_day_it_is_given(written):
    with pytest.raises(AllowanceError) as caught:
        read_allowances(written(ENTRY.replace("2026-12-01", "2027-01-31")), today=TODAY)
    assert read_allowances(written(caught.value.fix), today=TODAY)[0].until == date(2026, 12, 28)


def test_the_latest_day_is_accepted(written):
    (found,) = read_allowances(written(ENTRY.replace("2026-12-01", "2026-12-28")), today=TODAY)
    assert found.until == date(2026, 12, 28)


def test_options_name_whole_keys_and_a_second_time_is_once():
    found = allowances_of_options(["resources.schemas.a", "resources.schemas.a"], ["resources.volumes.b"])
    assert [(each.resource, each.action) for each in found] == [
        ("resources.schemas.a", Action.DELETE),
        ("resources.volumes.b", Action.RECREATE),
    ]


@pytest.mark.parametrize(
    "key", ["all", "*", "resources.*.a", "resources.schemas.*", "schemas.a", "resources.schemas.a b", ""]
)
def test_an_option_for_more_than_one_resource_does_not_exist(key):
    with pytest.raises(AllowanceError) as caught:
        allowances_of_options([key], [])
    assert "--allow-delete resources.schemas.bronze" in caught.value.fix
