"""Every rule: its code, its page, and the two examples of the page."""

import ast
import re
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from rule_examples import SNAPSHOTS, findings_of, printed_by, snapshot_of

import lakewright.bundle
from lakewright.bundle import all_findings
from lakewright.bundle.findings.printed.page import PageError, page_of
from lakewright.bundle.rules import tasks
from lakewright.bundle.rules.base import Rule
from lakewright.bundle.rules.registry import all_rules, find_rule, group_of, groups, near_codes, rules_of

pytestmark = pytest.mark.unit

RULES = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: f"{rule.code}-{rule.name}")
# A comment on an error leaves the error in place, so its example cannot show the comment alone.
SHOWN_TOGETHER = {"LW003": {"LW524"}}


@RULES
def test_the_failing_example_prints_its_snapshot(rule, tmp_path):
    """`make findings` writes the snapshots; read their difference before you commit it."""
    assert printed_by(rule, tmp_path) == snapshot_of(rule).read_text(encoding="utf-8")


@RULES
def test_the_snapshot_holds_findings_of_this_code_and_no_other_each_with_its_fix(rule):
    printed = snapshot_of(rule).read_text(encoding="utf-8")
    found = re.findall(r"^(error|warning|recommendation): .+ \[(LW\d+)\]$", printed, re.MULTILINE)
    assert {code for _, code in found} == {rule.code} | SHOWN_TOGETHER.get(rule.code, set())
    assert {severity for severity, code in found if code == rule.code} == {rule.severity}
    assert len(re.findall(r"^  fix: \S", printed, re.MULTILINE)) == len(found)


def test_each_snapshot_belongs_to_a_rule():
    assert set(SNAPSHOTS.iterdir()) == {snapshot_of(rule) for rule in all_rules()}


@RULES
def test_the_passing_example_gives_no_finding_of_this_code(rule, tmp_path):
    assert rule.code not in {finding["code"] for finding in findings_of(page_of(rule).passes, tmp_path)}


@RULES
def test_a_rule_looks_at_a_bundle_or_makes_the_finding_of_the_load(rule):
    assert hasattr(rule, "check") or any(name.startswith("of") for name in dir(rule))
    assert rule.severity in {"error", "warning", "recommendation"}


@RULES
def test_module_class_and_name_are_the_same_words(rule):
    assert rule.__module__.rpartition(".")[2] == rule.name.replace("-", "_")
    assert rule.__name__ == "".join(word.capitalize() for word in rule.name.split("-"))


@RULES
def test_the_title_is_one_sentence(rule):
    title = page_of(rule).title
    assert title.endswith(".")
    assert "\n" not in title


def test_codes_and_names_are_unique():
    for values in ([rule.code for rule in all_rules()], [rule.name for rule in all_rules()]):
        assert len(set(values)) == len(values)


@pytest.mark.parametrize("group", groups(), ids=lambda group: group.__name__.rpartition(".")[2])
def test_the_codes_of_a_folder_follow_each_other_without_a_gap(group):
    numbers = [int(rule.code.removeprefix("LW")) for rule in rules_of(group)]
    assert not group.RETIRED & set(numbers)
    used = sorted([*numbers, *group.RETIRED])
    assert used == list(range(group.CODES.start, group.CODES.start + len(used)))
    assert used[-1] in group.CODES


def test_the_ranges_of_the_folders_do_not_overlap():
    ranges = [group.CODES for group in groups()]
    assert all(one.stop <= following.start for one, following in pairwise(ranges))


def test_each_module_holds_one_rule():
    for group in groups():
        modules = [rule.__module__ for rule in rules_of(group)]
        folder = Path(group.__path__[0])
        files = [file for file in folder.rglob("*.py") if file.stem != "__init__"]
        names = [".".join(file.relative_to(folder).with_suffix("").parts) for file in files]
        assert sorted(modules) == sorted(f"{group.__name__}.{name}" for name in names)


NEW_RULE = '''
from lakewright.bundle.rules.base import TaskRule

class TaskCalledTest(TaskRule):
    """A task is called test."""

    code, name, severity = "LW699", "task-called-test", "warning"

    def check(self, task):
        if task.key == "test":
            yield self.at(task, "task_key", "a task is called test")
'''


@pytest.mark.parametrize("room", ["", "room"])
def test_one_new_file_is_all_that_a_new_rule_needs(room, project, tmp_path, monkeypatch):
    folder = tmp_path / "more_rules"
    (folder / room).mkdir(parents=True)
    (folder / room / "task_called_test.py").write_text(NEW_RULE, encoding="utf-8")
    monkeypatch.setattr(tasks, "__path__", [*tasks.__path__, str(folder)])
    all_rules.cache_clear()
    try:
        task = "{task_key: test, condition_task: {op: LESS_THAN, left: 1, right: 2}}"
        project.write(databricks=f"bundle: {{name: s}}\nresources: {{jobs: {{j: {{tasks: [{task}]}}}}}}\n")
        assert [found.code for found in all_findings(project.load())] == ["LW699"]
        assert group_of(find_rule("LW699")) == "tasks"
    finally:
        all_rules.cache_clear()
        for name in ("task_called_test", "room", "room.task_called_test"):
            sys.modules.pop(f"{tasks.__name__}.{name}", None)


def test_only_rules_make_findings():
    """A finding without a registered code cannot exist: `Diagnostic` is constructed in one place."""
    root = Path(lakewright.bundle.__file__).parents[1]
    makers = {
        file.relative_to(root).as_posix()
        for file in root.rglob("*.py")
        if "Diagnostic(" in (text := file.read_text(encoding="utf-8"))  # to parse all takes seconds
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Diagnostic"
    }
    assert makers == {"bundle/rules/base.py"}


def test_a_rule_is_found_by_code_number_and_name():
    expected = find_rule("LW602")
    assert expected
    assert all(
        find_rule(name) is expected
        for name in ("lw602", "602", " LW602 ", "dash-in-task-key", "Dash_in_task_key")
    )
    assert find_rule("LW999") is None
    assert find_rule("") is None


def test_near_codes_and_names_are_offered():
    assert "LW602" in near_codes("LW6020")
    assert near_codes("dash-in-tsk-key") == ["dash-in-task-key"]


def test_a_page_without_a_section_is_refused():
    class Bare(Rule):
        """A rule without a page."""

        code, name, severity = "LW999", "bare", "error"

    with pytest.raises(PageError, match="Example that fails"):
        page_of(Bare)
