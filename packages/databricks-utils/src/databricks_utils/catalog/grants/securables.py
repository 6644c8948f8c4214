"""What privileges are granted on: the metastore, catalogs, schemas, and the objects in them.

Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/permissions-concepts#securable-objects
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from databricks_utils.catalog.grants.errors import InvalidSecurableError
from databricks_utils.nearest import choose_from
from databricks_utils.quoting import quote_part


class SecurableKind(StrEnum):
    """Kinds of objects. A registered model is a function to SQL, and has privileges of its own."""

    METASTORE = "METASTORE"
    CATALOG = "CATALOG"
    SCHEMA = "SCHEMA"
    TABLE = "TABLE"
    VIEW = "VIEW"
    MATERIALIZED_VIEW = "MATERIALIZED_VIEW"
    VOLUME = "VOLUME"
    FUNCTION = "FUNCTION"
    MODEL = "MODEL"

    @property
    def sql(self) -> str:
        """The words of a GRANT statement: `ON FUNCTION` for a model too.

        Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/securable-objects#model
        """
        return "FUNCTION" if self is SecurableKind.MODEL else self.value.replace("_", " ")

    @property
    def parts(self) -> int:
        """The number of parts of a name."""
        return len(_CONTAINERS) if self not in _CONTAINERS else _CONTAINERS.index(self)

    @property
    def containers(self) -> tuple[SecurableKind, ...]:
        """The kinds that hold an object of this kind, from the metastore down."""
        return _CONTAINERS[: self.parts]

    @property
    def words(self) -> str:
        """The kind in a sentence: `materialized view`."""
        return self.value.replace("_", " ").lower()


_CONTAINERS = (SecurableKind.METASTORE, SecurableKind.CATALOG, SecurableKind.SCHEMA)


@dataclass(frozen=True)
class Securable:
    """One object; its name is compared in lower case, as Unity Catalog stores it.

    Attributes:
        kind: What it is.
        parts: Its name: catalog, schema, object; none for the metastore.

    Raises:
        InvalidSecurableError: The name has an empty part, too few or too many.

    Examples:
        >>> Securable.parse("table", "Prod.sales.`odd.name`").sql
        'TABLE `prod`.`sales`.`odd.name`'
    """

    kind: SecurableKind
    parts: tuple[str, ...] = ()
    _hash: int = field(init=False, repr=False, compare=False, default=0)

    def __post_init__(self) -> None:
        parts = tuple(part.lower() for part in self.parts)
        if len(parts) != self.kind.parts or not all(parts):
            levels = ".".join((*(kind.words for kind in self.kind.containers[1:]), self.kind.words))
            raise InvalidSecurableError(
                f"grants: `{'.'.join(self.parts)}` is no name of a {self.kind.words}",
                fix=f"write it as `{levels}`" if self.kind.parts else "leave the name out: there is one",
            )
        object.__setattr__(self, "parts", parts)
        object.__setattr__(self, "_hash", hash((self.kind.value, parts)))

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[object, ...]:
        """Leave out the hash: it is another one in another process."""
        return (Securable, (self.kind, self.parts))

    @classmethod
    def parse(cls, kind: str, name: str = "") -> Securable:
        """Return the object of a name as SQL has it; a part in backticks may contain dots.

        Args:
            kind: The kind, as `SecurableKind` or SQL spells it, in any case.
            name: Its full name; empty for the metastore.

        Raises:
            InvalidSecurableError: There is no such kind, or the name does not fit it.
        """
        wanted = kind.strip().upper().replace(" ", "_")
        if wanted not in SecurableKind.__members__:
            kinds = [known.value for known in SecurableKind]
            raise InvalidSecurableError(
                f"grants: there are no objects of kind `{kind}`", fix=choose_from(wanted, kinds)
            )
        return cls(SecurableKind(wanted), tuple(_parts(name)))

    @property
    def name(self) -> str:
        """The full name for people: `prod.sales.orders`."""
        return ".".join(part if part.isidentifier() else quote_part(part) for part in self.parts)

    @property
    def sql(self) -> str:
        """Kind and quoted name, as in a GRANT statement."""
        return " ".join((self.kind.sql, ".".join(map(quote_part, self.parts)))).rstrip()

    @property
    def above(self) -> tuple[Securable, ...]:
        """What holds the object, from the metastore down."""
        return tuple(Securable(kind, self.parts[:depth]) for depth, kind in enumerate(self.kind.containers))

    def __str__(self) -> str:
        return " ".join((self.kind.words, self.name)).rstrip()


def _parts(name: str) -> list[str]:
    """Split a name at its dots, those in backticks left out; a doubled backtick stands for one."""
    parts, quoted = [""], False
    signs = name.replace("``", "\0") if name else ""
    for sign in signs:
        if sign == "`":
            quoted = not quoted
        elif sign == "." and not quoted:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.replace("\0", "`") for part in parts] if name else []
