"""A schedule of a pipeline that starts nothing is named with its line, in GitHub and Azure DevOps."""

import pytest

from lakewright.pipelines.check import check_texts

pytestmark = pytest.mark.unit

SYSTEMS = {
    ".github/workflows/drift.yml": """on:
  schedule:
    - cron: "0 3 * * *"
    - cron: "%s"
permissions: {}
jobs: {}
""",
    "azure-pipelines/drift.yml": """trigger: none
pr: none
schedules:
  - cron: "%s"
    branches: {include: [main]}
steps: []
""",
}


def found(file, cron):
    return [(each.rule, each.line, each.summary) for each in check_texts({file: SYSTEMS[file] % cron})]


@pytest.mark.parametrize("file", SYSTEMS)
@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("0 0 30 2 *", "no month of `0 0 30 2 *` has such a day"),
        ("0 0 30-31 FEB *", "no month"),
        ("0 0 31 4,6,9,11 *", "no month"),
        ("0 0 31 */2,11 *", None),  # January has a 31st
        ("0 0 31 4/5 *", "no month"),  # April and September
        ("0 0 29 2 *", None),
        ("0 0 30 2 MON", None),  # on GitHub it comes on Mondays
        ("0 0 28-30 February *", None),
        ("15 3,15 * * 1-5", None),
        ("*/15 * * * sun,Wed", None),
        ("0 3 * * 7", None),
        ("3/5 * * * *", None),
        ("0 3 * * 5-1", None),
        ("@weekly", None),
        ("0 0 3 * * ?", "has 6 fields"),
        ("0 3 * *", "has 4 fields"),
        ("0 3 * * ?", "`?` is no day of week"),
        ("60 3 * * *", "`60` is no minute"),
        ("0 24 * * *", "`24` is no hour"),
        ("0 3 0 * *", "`0` is no day of month"),
        ("0 3 * febuary *", "`febuary` is no month"),
        ("0 3 * * mo", "`mo` is no day of week"),
        ("0 3 L * *", "`L` is no day of month"),
        ("*/0 3 * * *", "`*/0` is no minute"),
    ],
)
def test_a_schedule_that_starts_nothing_is_named(file, cron, words):
    assert bool(found(file, cron)) == bool(words)
    for rule, line, summary in found(file, cron):
        assert (rule, line) == ("schedule-never-comes", 4)
        assert words in summary
