"""A table as JSON Schema (draft 2020-12): what a JSON object must be to be a row of it.

A column that may be missing may be absent or null, as Spark's `to_json` writes it. Other keys than the columns are allowed: a
contract does not forbid them. A pattern is searched for in the text, in JSON Schema as in Spark.
"""

import re
from typing import TYPE_CHECKING

from databricks_utils.config.tree import Data
from databricks_utils.contracts.contract import Contract
from databricks_utils.contracts.exports.promises import lines, promises_of
from databricks_utils.contracts.parts import Part, TableParts, relations_of
from databricks_utils.contracts.types.literals import LiteralError, moment

if TYPE_CHECKING:
    from open_data_contract_standard.model import SchemaProperty

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_BITS = {"tinyint": 8, "smallint": 16, "int": 32, "bigint": 64}
_UNSIGNED = {"u8": 8, "u16": 16, "u32": 32, "u64": 64}
_NO_ZONE = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?$"
_TEXTS = frozenset(
    {"string", "varchar"}
)  # a CHAR has blanks at its end, which count in JSON and not in a rule
_FORMATS = frozenset(
    {
        *("email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6", "uri", "uri-reference", "iri"),
        *("iri-reference", "uuid", "date", "time", "date-time", "duration", "json-pointer", "regex"),
        "relative-json-pointer",
    }
)
# What Java's expressions have and those of ECMAScript lack.
_ONLY_JAVA = re.compile(
    r"[*+?}]\+|\\[QEAZzGhHRXaeK]|\(\?>|\(\?[a-zA-Z]*-?[a-zA-Z]+[):]|&&"
    r"|\\[pP]\{(?:Is|In|java|Alpha|Digit|Alnum|Upper|Lower|Punct|Space|ASCII)"
)
_SIZES = ("minLength", "maxLength")
_COUNTS = {"array": ("minItems", "maxItems", "uniqueItems"), "struct": ("minProperties", "maxProperties")}
_BOUNDS = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")
_EXACT_DIGITS = 15  # that every double holds


def json_schema(contract: Contract, table: TableParts) -> dict[str, Data]:
    """Return the schema of a table's rows; `$comment` says what it comes from and what it does not express.

    Args:
        contract: The contract.
        table: One of its tables.
    """
    writer = _Writer()
    properties = {part.name: writer.schema(part) for part in table.columns}
    promises = promises_of(contract, table, relations_of([contract]))
    missing = [promise for promise in promises if (promise.label, promise.key) not in writer.said]
    comment = [
        f"the table {table.table.name} of the contract {contract.id} {contract.version}",
        *(f"not exported: {line}" for line in (*writer.notes, *lines(missing))),
    ]
    return {
        "$schema": _DRAFT,
        "$comment": "\n".join(comment),
        "title": table.given.businessName or table.table.name,
        **({"description": table.table.comment} if table.table.comment else {}),
        **({"deprecated": True} if table.given.deprecated else {}),
        "type": "object",
        "properties": properties,
        "required": [part.name for part in table.columns if not part.nullable],
    }


class _Writer:
    """Writes the parts of one table; `said` has the promises that the schema expresses, `notes` what a type promises besides."""

    def __init__(self) -> None:
        self.said: set[tuple[str, str]] = set()
        self.notes: list[str] = []

    def schema(self, part: Part) -> dict[str, Data]:
        """Return the schema of a part."""
        found = self._typed(part)
        given = part.given
        if given is not None and part.is_understood:
            self._options(part, given, found)
            self._enum(part, given, found)
        if part.nullable:
            _allow_null(found)
        else:
            self.said.add((part.label, "required"))
        return {**_about(given), **found}

    def _typed(self, part: Part) -> dict[str, Data]:
        kind = part.type
        if not part.is_understood:
            written = part.given.physicalType if part.given else ""
            self.notes.append(f"{part.label}: the type `{written}`, which was not understood")
            return {}
        if kind.name in _BITS:
            return {"type": "integer", **_range(_BITS[kind.name], signed=True)}
        if kind.name == "decimal":
            return self._decimal(part)
        if kind.name in {"varchar", "char"}:
            return {"type": "string", "maxLength": kind.sizes[0]}
        if kind.name in {"struct", "array", "map"}:
            return self._nested(part)
        return {
            "float": {"type": "number"},
            "double": {"type": "number"},
            "boolean": {"type": "boolean"},
            "string": {"type": "string"},
            "binary": {"type": "string", "contentEncoding": "base64"},
            "date": {"type": "string", "format": "date"},
            "timestamp": {"type": "string", "format": "date-time"},
            "timestamp_ntz": {"type": "string", "pattern": _NO_ZONE},
            "variant": {},
        }[kind.name]

    def _decimal(self, part: Part) -> dict[str, Data]:
        precision, scale = part.type.sizes
        if scale == 0:
            return {"type": "integer", "minimum": 1 - 10**precision, "maximum": 10**precision - 1}
        self.notes.append(f"{part.label}: at most {scale} digits behind the point")
        limit = 10 ** (precision - scale)
        return {"type": "number", "exclusiveMinimum": -limit, "exclusiveMaximum": limit}

    def _nested(self, part: Part) -> dict[str, Data]:
        inside = part.inside()
        if part.type.name == "struct":
            needed = [item.name for item in inside if not item.nullable]
            return {
                "type": "object",
                "properties": {item.name: self.schema(item) for item in inside},
                **({"required": needed} if needed else {}),
            }
        if part.type.name == "array":
            return {"type": "array", "items": self.schema(inside[0])}
        keys, values = inside
        return {
            "type": "object",
            **self._keys(keys),
            "additionalProperties": self.schema(values),
        }

    def _keys(self, part: Part) -> dict[str, Data]:
        """The names of a JSON object are texts: of keys of another type little can be said."""
        self.said.add((part.label, "required"))  # no name of an object is null
        if part.type.name in _TEXTS:
            found = {key: value for key, value in self.schema(part).items() if key != "type"}
            names = (
                {**found, "enum": [value for value in found["enum"] if value is not None]}
                if "enum" in found
                else found
            )
            return {"propertyNames": names} if names else {}
        if part.type.name in _BITS:
            return {"propertyNames": {"pattern": "^-?[0-9]+$"}}
        if part.type.name == "boolean":
            return {"propertyNames": {"enum": ["true", "false"]}}
        self.notes.append(f"{part.label}: the type {part.type.sql()}")
        return {}

    def _options(self, part: Part, given: "SchemaProperty", found: dict[str, Data]) -> None:
        options = given.logicalTypeOptions or {}
        for key, wanted in options.items():
            if self._option(part, key, wanted, found):
                self.said.add((part.label, key))

    def _option(self, part: Part, key: str, wanted: Data, found: dict[str, Data]) -> bool:
        """Add an option to the schema; return whether it could be added."""
        kind = part.type.name
        if key in _BOUNDS and found.get("type") in {"integer", "number"}:
            return _bound(key, wanted, found)
        if key in _SIZES and kind in _TEXTS and _is_count(wanted):
            found[key] = min(wanted, found.get(key, wanted)) if key == "maxLength" else wanted
            return True
        if key == "pattern" and kind in _TEXTS and isinstance(wanted, str):
            if _ONLY_JAVA.search(wanted):
                return False
            found[key] = wanted
            return True
        if key in _COUNTS.get(kind, ()) and (_is_count(wanted) or wanted is True):
            found[key] = wanted
            return True
        return self._other(part, key, wanted, found)

    def _other(self, part: Part, key: str, wanted: Data, found: dict[str, Data]) -> bool:
        kind, word = part.type.name, str(wanted)
        if key == "multipleOf" and found.get("type") in {"integer", "number"} and isinstance(wanted, int):
            found[key] = wanted
            return True
        if key == "required" and kind == "struct" and isinstance(wanted, list):
            names = {item.given.name: item.name for item in part.inside() if item.given}
            known = [names.get(str(name), str(name)) for name in wanted]
            found["required"] = list(dict.fromkeys((*found.get("required", []), *known)))
            return True
        if key == "format" and kind in _TEXTS and word in _FORMATS:
            found[key] = word
            return True
        if key == "format" and kind in _TEXTS and word == "byte":
            found["contentEncoding"] = "base64"
            return True
        if key == "format" and word in _UNSIGNED and found.get("type") == "integer":
            limits = _range(_UNSIGNED[word], signed=False)
            return all(_bound(name, limits[name], found) for name in limits)
        return False

    def _enum(self, part: Part, given: "SchemaProperty", found: dict[str, Data]) -> None:
        if not given.enum:
            return
        values = [item.value for item in given.enum]
        if part.type.name == "date":
            try:
                values = [moment(value, part.type).isoformat() for value in values]
            except LiteralError:
                return
        elif not (part.type.name in _TEXTS or found.get("type") in {"integer", "number", "boolean"}):
            return
        found["enum"] = values
        self.said.add((part.label, "enum"))


def _range(bits: int, *, signed: bool) -> dict[str, int]:
    if signed:
        return {"minimum": -(2 ** (bits - 1)), "maximum": 2 ** (bits - 1) - 1}
    return {"minimum": 0, "maximum": 2**bits - 1}


def _bound(key: str, wanted: Data, found: dict[str, Data]) -> bool:
    """Add a bound beside that of the type: the tighter of the two counts."""
    if isinstance(wanted, bool) or not isinstance(wanted, int | float) or not _is_exact(wanted):
        return False
    tighter = max if key in {"minimum", "exclusiveMinimum"} else min
    found[key] = tighter(wanted, found.get(key, wanted))
    return True


def _is_exact(number: float) -> bool:
    """Whether the contract's digits are those that JSON gets; more than a double holds were lost when it was read."""
    return (
        isinstance(number, int)
        or len(repr(number).replace(".", "").lstrip("-0").partition("e")[0]) <= _EXACT_DIGITS
    )


def _is_count(wanted: Data) -> bool:
    return isinstance(wanted, int) and not isinstance(wanted, bool)


def _allow_null(schema: dict[str, Data]) -> None:
    if "type" in schema:
        schema["type"] = [schema["type"], "null"]
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]


def _about(given: "SchemaProperty | None") -> dict[str, Data]:
    """What says something to people."""
    if given is None:
        return {}
    found = {
        "title": given.businessName,
        "description": " ".join((given.description or "").split()),
        "examples": given.examples,
        "deprecated": given.deprecated,
    }
    return {key: value for key, value in found.items() if value}
