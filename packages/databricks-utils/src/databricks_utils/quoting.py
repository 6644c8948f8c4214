"""Write names and texts into SQL statements."""


def quote(name: str) -> str:
    """Quote each part of a dotted name.

    >>> quote("dev_analytics.flights_bronze.flights")
    '`dev_analytics`.`flights_bronze`.`flights`'
    """
    return ".".join(map(quote_part, name.split(".")))


def quote_part(part: str) -> str:
    """Quote one part of a name; a dot in it does not separate parts.

    >>> quote_part("odd.name")
    '`odd.name`'
    """
    return f"`{part.replace('`', '``')}`"


def literal(text: str) -> str:
    r"""Return a text as a SQL string literal.

    Spark puts the value of a variable in the place of `${name}` before it reads a statement, also inside of a literal: the dollar is
    written by its number.

    >>> print(literal("the shop's orders"), literal("${env:TOKEN}"))
    'the shop\'s orders' '\u0024{env:TOKEN}'
    """
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("${", "\\u0024{")
    return f"'{escaped}'"
