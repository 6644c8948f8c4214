"""Text of others in Markdown: a renderer shows it as it was written, and no page makes a mention or a reference of it."""

import re
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from databricks_utils.markdown import block, cell, code, escaped, link, paragraphs, sentence, table

pytestmark = pytest.mark.unit

NASTY = [
    "a | b",
    "`a` `|`",
    "``` a `` b ` c",
    "\\| \\` \\",
    "<script>alert(1)</script> <br> <!-- x",
    "<img src=x onerror=alert(1)>",
    "&lt; &amp; &#124;",
    "*a* _b_ __c__ ~~d~~ [e](f) ![g](h)",
    "x](http://evil.example) [y]: http://evil.example",
    "snake_case_name",
    "# head",
    "- item",
    "+ item",
    "1. item",
    "> quote",
    "% comment",
    "(target)=",
    "::: note",
    "+++",
    "---",
    "===",
    "```python",
    "/close",
    "{{ variable }} {ref}`x` $a$",
    "##vso[task.setvariable variable=a]b ##[add-mask]c",
    "two  blanks",
    "ünïcödé 日本語 → ≥",
    "@team and @acme/owners, mail ana@example.com",
    "#1, owner/name#2, GH-3, !4, &5",
]
# What GitHub, GitLab and Azure DevOps make of the text of a finished page, outside of code: the patterns of html-pipeline and of
# GitLab's reference filters in short.
MADE_A_LINK = re.compile(r"(?<![\w`])@\w|[#!&]\d|(?<!\w)GH-\d|@<", re.IGNORECASE)


class Page(HTMLParser):
    """The tags of a page, its text, and the text that is looked through for mentions: not that of code."""

    def __init__(self, html: str):
        super().__init__()
        self.tags: set[str] = set()
        self.text = self.looked_through = ""
        self._code = 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self._code += tag == "code"
        self.text += "\n" * (tag == "br")

    def handle_endtag(self, tag):
        self._code -= tag == "code"

    def handle_data(self, data):
        self.text += data.replace("\u200b", "")
        self.looked_through += "" if self._code else data


def html_of(markdown):
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown)


def page_of(markdown):
    return Page(html_of(markdown))


def cells_of(row):
    html = html_of("\n".join(table(["a", "b"], [row])))
    return [Page(found).text.strip() for found in re.findall(r"<td>(.*?)</td>", html, re.DOTALL)]


@pytest.mark.parametrize("text", NASTY)
def test_a_text_reads_as_it_was_written(text):
    wanted = " ".join(text.split())
    assert page_of("\n".join(paragraphs(text))).text.strip() == wanted
    assert page_of(f"- {block(text)}").text.strip() == wanted
    assert page_of(f"## The text {escaped(text)}.").text.strip() == f"The text {wanted}."
    assert [" ".join(found.split()) for found in cells_of([cell(text), code(text)])] == [wanted, wanted]
    assert cells_of([cell("x"), cell("y")]) == ["x", "y"]


@pytest.mark.parametrize("text", NASTY)
def test_a_text_becomes_no_markup_mention_or_reference(text):
    lines = [
        *paragraphs(text),
        f"- {block(text)}",
        "",
        f"## {escaped(text)}",
        "",
        f"a {sentence(text)} b",
        "",
    ]
    page = page_of("\n".join([*lines, *table(["a", "b"], [[cell(text), code(text)]])]))
    structure = {"p", "ul", "li", "h2", "table", "thead", "tbody", "tr", "th", "td", "code"}
    assert page.tags == structure
    assert not MADE_A_LINK.search(page.looked_through)
    assert not re.search(r"^/|##\w*\[", "\n".join(lines), re.MULTILINE)


@pytest.mark.parametrize("form", [r"\@team", "&#64;team", "a #1", "&#35;1"])
def test_a_mention_that_is_escaped_as_markup_is_found(form):
    assert MADE_A_LINK.search(page_of(form).looked_through)


def test_the_name_of_a_mention_is_code_as_it_is():
    assert code("@team") == "`@team`"
    assert code("@a|b") == "<code>@a&#124;b</code>"


@pytest.mark.parametrize(
    ("text", "shown"), [("a\x1b[2Kb", r"a\x1b[2Kb"), ("a\u202eb", r"a\u202eb"), ("\x00", r"\x00")]
)
def test_control_characters_are_written_out(text, shown):
    assert page_of(escaped(text)).text.strip() == page_of(code(text)).text.strip() == shown


def test_the_line_breaks_of_a_name_are_written_out():
    assert page_of(code("a\n# b")).text.strip() == r"a\n# b"


def test_lines_of_a_text_stay_lines_and_paragraphs_stay_paragraphs():
    text = "one | two\n- three\n\n4. four"
    assert page_of("\n".join(paragraphs(text))).text.split("\n") == ["one | two", "- three", "4. four", ""]
    assert cells_of([cell(text), "x"])[0] == "one | two\n- three\n\n4. four"


def test_an_address_is_a_link_if_it_is_one_of_the_web():
    assert link("https://example.org/a?b=c&d") == "<https://example.org/a?b=c&d>"
    assert link("javascript:alert(1)") == "`javascript:alert(1)`"
    assert link("https://a.b/|<x>") == "<code>https://a.b/&#124;&#60;x></code>"


def test_names_in_a_line_of_our_own_are_code():
    assert sentence("the check `a_b` (library)") == "the check `a_b` (library)"
    assert sentence("a|b: `enum`") == "a&#124;b: `enum`"
    assert sentence("an odd ` name") == "an odd &#96; name"
    assert sentence("`enum` of it") == "`enum` of it"
    assert sentence("granted to `a``b` here") == "granted to <code>a&#96;b</code> here"
