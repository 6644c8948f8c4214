"""Text of others in Markdown: it reads as it was written, and is never markup, a mention or a reference.

Characters that a renderer could take for markup become entities, which no Markdown reads as structure; GitHub, GitLab, Azure DevOps, MyST
and Mermaid show them alike. Mentions and references are looked for in the finished page, where an entity is its character again, and on
GitHub a backslash does not help either (https://github.com/github/cmark-gfm/issues/181): a space without width follows the sign, or it
stands in code.
"""

import re

# Code, links, HTML, tables, strikethrough, mathematics, entities, roles and substitutions; emphasis, but not the `_` inside of a word.
_SPECIAL = re.compile(r"[\\`*\[\]<|~$&{}]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
# What begins a heading, a list, a quotation, a rule, a comment, a block, a target or a command of GitLab (`/close`) at the start of a line.
_FIRST = re.compile(r"[-+=%:#(!^.>/]")
_NUMBER = re.compile(r"(\d+)([.)])")
_ADDRESS = re.compile(r"(?:https?|mailto):[^\s<>|`\\]+")
# A mention, but not the middle of an address of mail; an issue, a work item, a pull or merge request, an epic.
_REFERENCE = re.compile(r"(?<!\w)@(?=\w)|(?:[#!&]|(?<!\w)GH-)(?=\d)", re.IGNORECASE)
# A span cannot simply hold a backtick or a table's bar. `##vso[…]` and `##[…]` in a log are commands to Azure DevOps and GitHub.
_NOT_IN_A_SPAN = re.compile(r"[`|\\]|##")
_NO_WIDTH = "\u200b"


def escaped(text: str) -> str:
    """Return a text in one line, for the inside of a line; control characters are written out.

    >>> escaped("a|b <i> x_y _z_"), escaped("for @team, see #12")
    ('a&#124;b &#60;i> x_y &#95;z&#95;', 'for @&#8203;team, see #&#8203;12')
    """
    plain = _REFERENCE.sub(rf"\g<0>{_NO_WIDTH}", _written_out(" ".join(text.split())))
    return _entities(plain).replace(_NO_WIDTH, f"&#{ord(_NO_WIDTH)};")


def block(text: str) -> str:
    """Return a text in one line, for the start of a line.

    >>> block("1. x"), block("# x"), block("- x")
    ('1&#46; x', '&#35; x', '&#45; x')
    """
    safe = escaped(text)
    if _FIRST.match(safe):
        return f"{_entity(safe[0])}{safe[1:]}"
    number = _NUMBER.match(safe)
    return f"{number[1]}{_entity(number[2])}{safe[number.end() :]}" if number else safe


def cell(value: object) -> str:
    r"""Return a value for a cell of a table; line breaks of a text are kept.

    >>> cell("one\ntwo"), cell(None), cell(["a", True])
    ('one<br>two', '', 'a, true')
    """
    return "<br>".join(escaped(line) for line in _text(value).strip().splitlines())


def code(text: object) -> str:
    """Return a name, type or value as code.

    >>> code("a_b"), code("a|b`")
    ('`a_b`', '<code>a&#124;b&#96;</code>')
    """
    plain = _written_out(_text(text))
    if plain and plain == plain.strip() and not _NOT_IN_A_SPAN.search(plain):
        return f"`{plain}`"
    return f"<code>{_entities(plain).strip() or '&nbsp;'}</code>"


def link(address: str) -> str:
    """Return an address of the web or of mail as a link, any other as code.

    >>> link("https://example.org/a_b"), link("javascript:x")
    ('<https://example.org/a_b>', '`javascript:x`')
    """
    return f"<{address}>" if _ADDRESS.fullmatch(address) else code(address)


def paragraphs(text: str) -> list[str]:
    r"""Return the paragraphs of a text, each with an empty line behind it.

    >>> paragraphs("one\ntwo\n\nthree")
    ['one<br>two', '', 'three', '']
    """
    found = (part for part in re.split(r"\n\s*\n", text.strip()) if part.strip())
    return [line for part in found for line in ("<br>".join(map(block, part.strip().splitlines())), "")]


def bullets(items: list[str]) -> list[str]:
    """Return a list, with an empty line behind it; nothing without items.

    Args:
        items: The items, already escaped.
    """
    return [*(f"- {item}" for item in items), ""] if items else []


def table(heads: list[str], rows: list[list[str]]) -> list[str]:
    """Return a table, with an empty line behind it; columns that are empty everywhere are left out.

    Args:
        heads: The heads of the columns.
        rows: The cells, already escaped.
    """
    if not rows:
        return []
    used = [at for at in range(len(heads)) if at == 0 or any(row[at] for row in rows)]
    lines = [[heads[at] for at in used], ["---"] * len(used), *([row[at] for at in used] for row in rows)]
    return [*map(table_row, lines), ""]


def table_row(cells: list[str]) -> str:
    """Return one row of a table.

    Args:
        cells: The cells, already escaped.
    """
    return f"| {' | '.join(cells)} |"


def sentence(text: str) -> str:
    """Return a line of our own, in which names and values stand between backticks; a backtick of a name is doubled, as in SQL.

    >>> sentence("the check `a|b` of *x*"), sentence("granted to `a``b`")
    ('the check <code>a&#124;b</code> of &#42;x&#42;', 'granted to <code>a&#96;b</code>')
    """
    parts = re.split(r"`((?:[^`]|``)*)`", text)
    words = [code(part.replace("``", "`")) if at % 2 else _between(part) for at, part in enumerate(parts)]
    return block(parts[0]) + words[0][len(words[0].rstrip()) :] + "".join(words[1:])


def _between(text: str) -> str:
    """A text between two others, with the blanks at its ends."""
    return f"{' ' * text[:1].isspace()}{escaped(text)}{' ' * text[-1:].isspace()}" if text.strip() else text


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_text(item)}" for key, item in value.items())
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _written_out(text: str) -> str:
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def _entities(text: str) -> str:
    return _SPECIAL.sub(lambda found: _entity(found[0]), text)


def _entity(char: str) -> str:
    return f"&#{ord(char)};"
