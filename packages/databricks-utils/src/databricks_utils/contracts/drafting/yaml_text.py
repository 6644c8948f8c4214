"""Write YAML as a person would: plain where nothing can be misread, quoted where it could, with comments behind the values."""

import re

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.()/+-]*(?: [A-Za-z0-9_.()/+-]+)*", re.ASCII)
# Words that YAML 1.1 or 1.2 reads as something else than text.
_OTHER_MEANING = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"])
_BREAKS = "\x85\u2028\u2029\ufeff"


def scalar(text: str) -> str:
    r"""Return a text as a YAML scalar that every reader takes for this very text.

    >>> scalar("decimal(10, 2)"), scalar("no"), scalar("it's: #1"), scalar("two\nlines"), scalar("")
    ("'decimal(10, 2)'", "'no'", "'it''s: #1'", '"two\\nlines"', "''")
    """
    if _PLAIN.fullmatch(text) and text.lower() not in _OTHER_MEANING:
        return text
    if all(char.isprintable() and char not in _BREAKS for char in text):
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(map(_escaped, text)) + '"'


def inline(texts: "list[str] | tuple[str, ...]") -> str:
    """Return texts as a list in one line.

    >>> inline(["NA", "n/a", ""])
    "[NA, n/a, '']"
    """
    return f"[{', '.join(map(scalar, texts))}]"


def comment(text: str) -> str:
    r"""Return a comment; what would end the line is written out.

    >>> comment("one\ntwo")
    '# one\\ntwo'
    """
    return "# " + "".join(
        char if char.isprintable() and char not in _BREAKS else repr(char)[1:-1] for char in text
    )


def _escaped(char: str) -> str:
    named = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
    if char in named:
        return named[char]
    if char.isprintable() and char not in _BREAKS:
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
