"""The first page leads from what is needed first to what is needed last; the glossary explains one term in one sentence."""

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

DOCS = Path(__file__).parents[1] / "docs"
TERMS_OF_THE_FIELD = """
bronze, silver, gold, quarantine, contract, expectation, landing, feature table, point-in-time join, label, candidate, champion,
challenger, baseline, quality gate, threshold, uplift, drift, profile metrics, drift metrics, grant, principal, securable,
bundle, target, resource, task, run
"""
_TOCTREE = re.compile(r"^```\{toctree\}\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ENTRY = re.compile(r"^(\S.*)\n  (.*)$", re.MULTILINE)


def entries():
    return _ENTRY.findall((DOCS / "glossary.md").read_text(encoding="utf-8"))


def test_the_first_page_goes_from_tutorials_to_decisions():
    page = (DOCS / "index.md").read_text(encoding="utf-8")
    order = ["run.svg", "A new project", "A bundle that exists", "The library alone"]
    order += ["tutorials/", "how-to/", "reference/", "arc42/", "decisions/"]
    places = [page.rindex(part) for part in order]
    assert places == sorted(places)


@pytest.mark.parametrize("index", ["index.md", "decisions/index.md"])
def test_every_page_is_in_one_group_of_the_navigation_and_no_group_is_long(index):
    file = DOCS / index
    groups = [
        re.findall(r"^(?!:)(\S+)$", body, re.MULTILINE) for body in _TOCTREE.findall(file.read_text("utf-8"))
    ]
    listed = [page for group in groups for page in group]
    pages = [
        path.relative_to(file.parent).with_suffix("").as_posix() for path in file.parent.rglob("[!_]*.md")
    ]
    below = {page for page in pages if page != "index" and (page.count("/") < 2)}
    if index == "index.md":
        below = {page for page in below if not re.match(r"decisions/\d", page)}
    found = [page for pattern in listed for page in sorted(below) if fnmatch(page, pattern)]
    assert below - set(found) == set(), "name it in a group"
    assert sorted(found) == sorted(below)
    assert max(map(len, groups)) <= 10


def test_the_glossary_is_in_order_and_has_each_term_once():
    terms = [term for term, _ in entries()]
    assert terms == sorted(set(terms), key=str.casefold)


@pytest.mark.parametrize("term", re.split(r",\s+", TERMS_OF_THE_FIELD.strip()))
def test_the_glossary_has_the_terms_of_the_field(term):
    assert term in dict(entries())


@pytest.mark.parametrize(("term", "words"), entries())
def test_a_term_is_explained_in_one_short_sentence(term, words):
    assert words.endswith(".")
    assert not re.search(r"[.!?] [A-Z]", words)
    assert len(words.split()) <= 25
