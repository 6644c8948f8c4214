"""A number with its noun."""


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "table"), counted(2, "rule")
    ('1 table', '2 rules')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"
