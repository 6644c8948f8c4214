"""The types of Spark, as a tree that needs no Spark: read from SQL text, written as SQL text or as pyspark's types."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from databricks_utils.quoting import literal, quote_part

if TYPE_CHECKING:
    from pyspark.sql.types import DataType, StructType

_ALIASES = {
    "integer": "int",
    "long": "bigint",
    "short": "smallint",
    "byte": "tinyint",
    "real": "float",
    "numeric": "decimal",
    "dec": "decimal",
    "timestamp_ltz": "timestamp",
    "character": "char",
}
WHOLE = frozenset({"tinyint", "smallint", "int", "bigint"})
ATOMS = frozenset(
    WHOLE
    | {"boolean", "float", "double", "string", "binary", "date", "timestamp", "timestamp_ntz", "variant"}
)
_PRECISION, _LONGEST, _LONGEST_NUMBER = 38, 65535, 9
_TOKEN = re.compile(r"\s*(`(?:[^`]|``)+`|'(?:[^'\\]|\\.)*'|\w+|[<>(),:])")
_PLAIN = re.compile(r"[a-z_]\w*", re.ASCII)


class NotSparkTypeError(ValueError):
    """Raised when a text is not a type of Spark."""


@dataclass(frozen=True)
class Field:
    """A field of a struct, or a column of a table."""

    name: str
    type: "SparkType"
    nullable: bool = True
    comment: str = ""

    def sql(self, *, column: bool = False) -> str:
        """Return the field as SQL text.

        Args:
            column: Whether it is a column of a table. Inside a type NOT NULL is left out: Delta refuses it in arrays and maps.
        """
        needed = " NOT NULL" if column and not self.nullable else ""
        comment = f" COMMENT {literal(self.comment)}" if self.comment else ""
        return f"{quote_part(self.name)}{' ' if column else ': '}{self.type.sql()}{needed}{comment}"


@dataclass(frozen=True)
class SparkType:
    """One type.

    Attributes:
        name: Its name in lower case: one of `ATOMS`, or `decimal`, `varchar`, `char`, `array`, `map`, `struct`.
        sizes: Precision and scale of a decimal, length of a varchar or char.
        inner: The type of the elements, or those of keys and values.
        fields: The fields of a struct.
    """

    name: str
    sizes: tuple[int, ...] = ()
    inner: tuple["SparkType", ...] = ()
    fields: tuple[Field, ...] = ()

    def sql(self) -> str:
        """Return the type as SQL text, for a table's definition.

        >>> parse("array<struct<n: int not null, text: string>>").sql()
        'ARRAY<STRUCT<`n`: INT, `text`: STRING>>'
        """
        name = self.name.upper()
        if self.sizes:
            return f"{name}({', '.join(map(str, self.sizes))})"
        if self.name == "struct":
            return f"{name}<{', '.join(field.sql() for field in self.fields)}>"
        return f"{name}<{', '.join(item.sql() for item in self.inner)}>" if self.inner else name

    def simple(self) -> str:
        """Return the type as `DataType.simpleString` of pyspark writes it; text of any length is a string there.

        >>> parse("array<struct<n: decimal(9, 2), text: varchar(3)>>").simple()
        'array<struct<n:decimal(9,2),text:string>>'
        """
        if self.name in {"varchar", "char"}:
            return "string"
        if self.sizes:
            return f"{self.name}({','.join(map(str, self.sizes))})"
        if self.name == "struct":
            return f"{self.name}<{','.join(f'{field.name}:{field.type.simple()}' for field in self.fields)}>"
        return f"{self.name}<{','.join(item.simple() for item in self.inner)}>" if self.inner else self.name

    def to_pyspark(self) -> "DataType":
        """Return the type as pyspark reads it: text of any length is a string there."""
        from pyspark.sql import types as T

        if self.name == "struct":
            return struct_type([replace(field, nullable=True) for field in self.fields])
        if self.name == "array":
            return T.ArrayType(self.inner[0].to_pyspark())
        if self.name == "map":
            return T.MapType(self.inner[0].to_pyspark(), self.inner[1].to_pyspark())
        found: DataType = {
            "boolean": T.BooleanType,
            "tinyint": T.ByteType,
            "smallint": T.ShortType,
            "int": T.IntegerType,
            "bigint": T.LongType,
            "float": T.FloatType,
            "double": T.DoubleType,
            "string": T.StringType,
            "binary": T.BinaryType,
            "date": T.DateType,
            "timestamp": T.TimestampType,
            "timestamp_ntz": T.TimestampNTZType,
            "variant": T.VariantType,
            "decimal": T.DecimalType,
            "varchar": T.StringType,
            "char": T.StringType,
        }[self.name](*(self.sizes if self.name == "decimal" else ()))
        return found


def struct_type(fields: Sequence[Field]) -> "StructType":
    """Return fields as a schema of pyspark."""
    from pyspark.sql import types as T

    return T.StructType(
        [
            T.StructField(
                field.name,
                field.type.to_pyspark(),
                field.nullable,
                {"comment": field.comment} if field.comment else None,
            )
            for field in fields
        ]
    )


def parse(text: str) -> SparkType:
    """Return the type that a SQL text names.

    >>> parse("Decimal(10, 2)")
    SparkType(name='decimal', sizes=(10, 2), inner=(), fields=())

    Raises:
        NotSparkTypeError: Spark has no such type.
    """
    reader = _Reader(text)
    found = reader.type()
    reader.end()
    return found


class _Reader:
    """Reads the tokens of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[str] = []
        at = 0
        while text[at:].strip():
            token = _TOKEN.match(text, at)
            if not token:
                raise NotSparkTypeError(f"`{text}`: `{text[at:].strip()[:1]}` is not part of a type")
            self._tokens.append(token[1])
            at = token.end()

    def type(self) -> SparkType:
        written = self._next()
        name = _ALIASES.get(written.lower(), written.lower())
        if name in {"array", "map"}:
            return SparkType(name, inner=self._inner(1 if name == "array" else 2))
        if name == "struct":
            return SparkType(name, fields=self._fields())
        if name == "decimal":
            return SparkType(name, sizes=self._decimal())
        if name in {"varchar", "char"}:
            sizes = self._sizes()
            if len(sizes) != 1 or not 1 <= sizes[0] <= _LONGEST:
                raise NotSparkTypeError(f"`{self._text}`: {name} needs a length from 1 to {_LONGEST}")
            return SparkType(name, sizes=sizes)
        if name not in ATOMS:
            raise NotSparkTypeError(f"Spark has no type `{written}`")
        return SparkType(name)

    def end(self) -> None:
        if self._tokens:
            raise NotSparkTypeError(f"`{self._text}`: `{self._tokens[0]}` is too much")

    def _decimal(self) -> tuple[int, int]:
        sizes = self._sizes() if self._sees("(") else ()
        precision, scale = (*sizes, *(10, 0)[len(sizes) :])[:2]
        if len(sizes) > 2 or not 1 <= precision <= _PRECISION or not 0 <= scale <= precision:
            raise NotSparkTypeError(
                f"`{self._text}`: a decimal has 1 to {_PRECISION} digits, of them at most all behind the point"
            )
        return precision, scale

    def _sizes(self) -> tuple[int, ...]:
        self._expect("(")
        sizes = [self._size()]
        while self._sees(","):
            self._next()
            sizes.append(self._size())
        self._expect(")")
        return tuple(sizes)

    def _size(self) -> int:
        token = self._next()
        if not (token.isascii() and token.isdecimal() and len(token) < _LONGEST_NUMBER):
            raise NotSparkTypeError(f"`{self._text}`: `{token}` is not a number")
        return int(token)

    def _inner(self, count: int) -> tuple[SparkType, ...]:
        self._expect("<")
        found = [self.type()]
        for _ in range(count - 1):
            self._expect(",")
            found.append(self.type())
        self._expect(">")
        return tuple(found)

    def _fields(self) -> tuple[Field, ...]:
        self._expect("<")
        found: list[Field] = []
        while not self._sees(">"):
            if found:
                self._expect(",")
            found.append(self._field())
        self._expect(">")
        return tuple(found)

    def _field(self) -> Field:
        token = self._next()
        name = token[1:-1].replace("``", "`") if token[0] == "`" else token
        if token[0] != "`" and not _PLAIN.fullmatch(token.lower()):
            raise NotSparkTypeError(f"`{self._text}`: `{token}` cannot be a field's name")
        if self._sees(":"):
            self._next()
        kind, nullable, comment = self.type(), True, ""
        if self._sees("not"):
            self._next()
            self._expect("null")
            nullable = False
        if self._sees("comment"):
            self._next()
            text = self._next()
            if text[0] != "'":
                raise NotSparkTypeError(f"`{self._text}`: a comment is a text in quotes")
            comment = re.sub(r"\\(.)", r"\1", text[1:-1])
        return Field(name, kind, nullable, comment)

    def _sees(self, token: str) -> bool:
        return bool(self._tokens) and self._tokens[0].lower() == token

    def _expect(self, token: str) -> None:
        if not self._sees(token):
            seen = f"`{self._tokens[0]}`" if self._tokens else "its end"
            raise NotSparkTypeError(f"`{self._text}`: `{token}` is missing before {seen}")
        self._next()

    def _next(self) -> str:
        if not self._tokens:
            raise NotSparkTypeError(f"`{self._text}` is not a whole type")
        return self._tokens.pop(0)


def paths_of(fields: Sequence[Field], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the path of each column, and of each field of a struct in it, from the outside to the inside.

    Args:
        fields: The columns, or the fields of a struct.
        above: The path of the struct.

    >>> list(paths_of([Field("a", SparkType("struct", fields=(Field("b", SparkType("int")),)))]))
    [('a',), ('a', 'b')]
    """
    for field in fields:
        yield (*above, field.name)
        yield from paths_of(field.type.fields, (*above, field.name))
