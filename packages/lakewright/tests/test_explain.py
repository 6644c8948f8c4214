"""`lakewright explain`."""

import pytest
from click.testing import CliRunner

from lakewright.bundle.rules.registry import all_rules
from lakewright.commands.explain import UnknownFindingError, command

pytestmark = pytest.mark.unit


def explain(*arguments):
    result = CliRunner().invoke(command, arguments)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


@pytest.mark.parametrize("name", ["LW602", "lw602", "602", "dash-in-task-key"])
def test_a_finding_is_explained_by_code_and_by_name(name):
    output = explain(name)
    for text in (
        "LW602 dash-in-task-key",
        "Severity: warning",
        "Why is this bad?",
        "task_key: load-all",
        "task_key: load_all",
    ):
        assert text in output


def test_the_files_of_an_example_are_named_above_their_text():
    assert "`ingest.py`:\n\n```python\n" in explain("LW609")
    assert "`jobs.yml`, saved as latin-1:\n\n```yaml\n" in explain("LW101")


def test_without_a_name_all_findings_are_listed_in_order():
    output = explain()
    places = [output.index(f"  {rule.code}  ") for rule in all_rules()]
    assert places == sorted(places)


def test_the_error_for_an_unknown_finding_suggests_the_nearest():
    with pytest.raises(UnknownFindingError) as caught:
        explain("dash-in-taskkey")
    assert caught.value.fix == "did you mean `lakewright explain dash-in-task-key`?"
    assert caught.value.exit_code == 2


def test_without_a_near_finding_the_error_suggests_the_list():
    with pytest.raises(UnknownFindingError) as caught:
        explain("zzz")
    assert "lakewright explain" in caught.value.fix
