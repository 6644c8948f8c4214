"""What `lakewright summary`, `plan-gate` and `grants diff` print for a comment: names of tables, jobs and errors stay text in it."""

import re
from datetime import date

import pytest
from bundle_plans import change, direct, entry, read
from markdown_it import MarkdownIt

from databricks_utils.catalog.grants import Effect, Securable, SecurableKind
from lakewright.deploy.gate import judge
from lakewright.deploy.gate.shown.markdown import markdown_of as plan
from lakewright.grants.shown.markdown import table_of
from lakewright.grants.shown.words import Row
from lakewright.runner.shown.markdown import markdown_of as summary

pytestmark = pytest.mark.unit

HOSTILE = [
    "a | b | c",
    "@acme/owners",
    "#12",
    "<img src=x onerror=alert(1)>",
    "``` `a`` `",
    "x](http://evil.example)",
    "/close",
    "a\n# head\n\n- item\r\n| x |",
    "a\x1b[2K\x00\u202e",
    "##vso[task.setvariable variable=a]b",
    "::: mermaid",
]
STRUCTURE = {
    "h2",
    "h3",
    "h4",
    "p",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "ul",
    "li",
    "code",
    "strong",
    "br",
}


def summary_of(text):
    gate = {
        "verdict": text,
        "champion": {"version": text},
        "checks": [{"name": text, "passed": False, "detail": text}],
    }
    return summary(
        {
            "run_id": text,
            "job": text,
            "environment": text,
            "git_sha": text,
            "status": "failed",
            "reason": text,
            "tasks": [
                {
                    "key": text,
                    "status": "failed",
                    "reason": text,
                    "error": dict.fromkeys(("summary", "location", "detail", "fix"), text),
                }
            ],
            "accounting": [{"source": text, "landed": text}],
            "model": {"name": text, "version": text, "metrics": {text: text}, "gate": gate},
        }
    )


def plan_of(text):
    changes = {
        "catalog_name": change("recreate", old=text, new=text, remote=text, reason=text),
    }
    remote = {"full_name": text}
    entries = {f"resources.schemas.{text}": entry("recreate", remote=remote, changes=changes)}
    return plan(judge(read(direct(entries)), today=date(2026, 11, 27), target=text))


def access_of(text):
    why = f"granted to `{text.replace('`', '``')}`"
    schema = Securable(SecurableKind.SCHEMA, ("shop", text))
    return table_of([Row(text, "SELECT", schema, (why,), effect=Effect.GAINS, members=(text,))], target=text)


@pytest.mark.parametrize("made", [summary_of, plan_of, access_of])
@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_name_is_markup_a_mention_or_a_command(made, text):
    markdown, harmless = made(text), made("harmless")
    html = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown)
    assert set(re.findall(r"<(\w+)", html)) <= STRUCTURE
    for tag in ("<tr>", "<td>", "<h2", "<h3", "<h4", "<li>"):
        assert html.count(tag) == MarkdownIt().enable("table").render(harmless).count(tag), tag
    seen = re.sub(r"<code>.*?</code>|<[^>]+>", "", html, flags=re.DOTALL)
    assert not re.search(r"(?<!\w)@\w|#\d", seen)
    assert not re.search(r"^/|##\w*\[", markdown, re.MULTILINE)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202e]", markdown)
