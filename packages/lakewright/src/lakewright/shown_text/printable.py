"""Text of others in one line of a terminal: names, messages and values that may hold any character."""


def printable(text: str) -> str:
    r"""Return a text in which what would end the line or move the cursor is written out.

    Examples:
        >>> printable("two\nlines")
        'two\\nlines'
    """
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
