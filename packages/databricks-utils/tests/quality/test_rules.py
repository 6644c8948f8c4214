"""What a rule may be called, and when too many rows are bad; no Spark."""

import pytest

from databricks_utils.quality import (
    DuplicateRuleError,
    QuarantineShareError,
    Rule,
    RuleNameError,
    Severity,
    assert_quarantine_share,
)
from databricks_utils.quality.rules import check_names

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("name", ["", "Has Space", "1st", "ROW", "a-b"])
def test_a_name_that_could_name_no_metric_is_refused(name):
    with pytest.raises(RuleNameError, match="lower-case letters"):
        Rule(name, "true", "why")


def test_a_severity_may_be_given_as_text_and_an_unknown_one_is_refused():
    assert Rule("a", "true", "why", "warning").severity is Severity.WARNING
    with pytest.raises(ValueError, match="fatal"):
        Rule("a", "true", "why", "fatal")


def test_two_rules_of_one_name_are_refused():
    with pytest.raises(DuplicateRuleError, match="`a` is defined twice"):
        check_names([Rule("a", "true", "x"), Rule("b", "true", "x"), Rule("a", "false", "x")])


def test_a_share_at_the_limit_passes_and_above_it_stops():
    assert_quarantine_share(table="t", rows=100, quarantined=1, maximum=0.01)
    assert_quarantine_share(table="t", rows=0, quarantined=0, maximum=0.0)
    with pytest.raises(QuarantineShareError, match=r"2 of 100 rows of t are invalid, 2\.0%"):
        assert_quarantine_share(table="t", rows=100, quarantined=2, maximum=0.01)
