"""A table as JSON Schema (draft 2020-12): what a JSON object must be to be a row of it.

A column that may be missing may be absent or null, as Spark's `to_json` writes it. Other keys than the columns are allowed: a
contract does not forbid them. A pattern is searched for in the text, in JSON Schema as in Spark. What is said inside of arrays and maps
has no rule, and was not looked at when the contract was read: what cannot hold there is left out, and named.
"""

from typing import TYPE_CHECKING, Any, TypeGuard

from databricks_utils.config.tree import Data
from databricks_utils.contracts.contract import Contract
from databricks_utils.contracts.exports.json_schema.numbers import is_exact, is_json
from databricks_utils.contracts.exports.json_schema.patterns import in_ecmascript
from databricks_utils.contracts.exports.promises import lines, promises_of
from databricks_utils.contracts.parts import Part, TableParts, relations_of
from databricks_utils.contracts.rules.patterns import PatternError, check_pattern
from databricks_utils.contracts.types.literals import EXACT, FLOATING, LiteralError, moment

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
_SIZES = ("minLength", "maxLength")
_COUNTS = {"array": ("minItems", "maxItems", "uniqueItems"), "struct": ("minProperties", "maxProperties")}
_BOUNDS = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")


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
            found |= {} if "type" in found else {"not": {"type": "null"}}
            self.said.add((part.label, "required"))
        return {**self._about(part), **found}

    def _about(self, part: Part) -> dict[str, Data]:
        """What says something to people."""
        given = part.given
        if given is None:
            return {}
        examples = given.examples or []
        possible = [example for example in examples if is_json(example)]
        if len(possible) < len(examples):
            self.notes.append(
                f"{part.label}: {len(examples) - len(possible)} of its examples, which JSON does not have"
            )
        found: dict[str, Data] = {
            "title": given.businessName,
            "description": " ".join((given.description or "").split()),
            "examples": possible,
            "deprecated": given.deprecated,
        }
        return {key: value for key, value in found.items() if value}

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
            place = part.node.at(("logicalTypeOptions", key))
            return is_exact(wanted, place.text if place else None) and _bound(key, wanted, found)
        if key in _SIZES and kind in _TEXTS and _is_count(wanted):
            found[key] = min(wanted, found.get(key, wanted)) if key == "maxLength" else wanted
            return True
        if key == "pattern" and kind in _TEXTS:
            pattern = _pattern(wanted)
            found |= {} if pattern is None else {key: pattern}
            return pattern is not None
        if key in _COUNTS.get(kind, ()) and (_is_count(wanted) or wanted is True):
            found[key] = wanted
            return True
        return self._other(part, key, wanted, found)

    def _other(self, part: Part, key: str, wanted: Data, found: dict[str, Data]) -> bool:
        kind, word = part.type.name, str(wanted)
        if (
            key == "multipleOf"
            and found.get("type") in {"integer", "number"}
            and _is_count(wanted)
            and wanted
        ):
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
        places = [part.node.at(("enum", str(at), "value")) for at in range(len(given.enum))]
        values = [
            _value(item.value, part, place.text if place else None)
            for item, place in zip(given.enum, places, strict=True)
        ]
        if None in values:
            return
        found["enum"] = values
        self.said.add((part.label, "enum"))


def _range(bits: int, *, signed: bool) -> dict[str, int]:
    if signed:
        return {"minimum": -(2 ** (bits - 1)), "maximum": 2 ** (bits - 1) - 1}
    return {"minimum": 0, "maximum": 2**bits - 1}


def _bound(key: str, wanted: Any, found: dict[str, Data]) -> bool:  # noqa: ANN401 - a number
    """Add a bound beside that of the type: the tighter of the two counts."""
    tighter = max if key in {"minimum", "exclusiveMinimum"} else min
    found[key] = tighter(wanted, found.get(key, wanted))
    return True


def _pattern(wanted: Data) -> str | None:
    """A pattern in the words of JSON Schema; None if there is none, or it is not valid: inside of arrays and maps nobody has looked."""
    try:
        check_pattern(str(wanted))
    except PatternError:
        return None
    return in_ecmascript(wanted) if isinstance(wanted, str) else None


def _value(value: Data, part: Part, written: str | None) -> Data:
    """An allowed value in JSON; None if it has none, or is of another type."""
    kind = part.type.name
    if kind == "date":
        try:
            return moment(value, part.type).isoformat()
        except LiteralError:
            return None
    fits = (
        (kind in _TEXTS and isinstance(value, str))
        or (kind == "boolean" and isinstance(value, bool))
        or (kind in EXACT | FLOATING and is_exact(value, written))
    )
    return value if fits else None


def _is_count(wanted: Data) -> TypeGuard[int]:
    return isinstance(wanted, int) and not isinstance(wanted, bool) and wanted >= 0


def _allow_null(schema: dict[str, Data]) -> None:
    if "type" in schema:
        schema["type"] = [schema["type"], "null"]
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
