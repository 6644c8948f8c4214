"""What the workspace holds."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from workspace_fake.people import People

Json = dict[str, Any]


@dataclass
class Entry:
    """A file, a notebook or a folder of the workspace."""

    kind: str
    number: int
    data: bytes = b""
    language: str | None = None


@dataclass
class State:
    """Everything that the calls change. Names of Unity Catalog are whole names, in lower case.

    Attributes:
        data_monitors: The monitors of tables, by the table's id.
        metastore: The metastore of the workspace; None for a workspace without Unity Catalog.
        schema_quota: How many schemas a catalog may hold.
    """

    people: People = field(default_factory=People)
    catalogs: dict[str, Json] = field(default_factory=dict)
    schemas: dict[str, Json] = field(default_factory=dict)
    volumes: dict[str, Json] = field(default_factory=dict)
    models: dict[str, Json] = field(default_factory=dict)
    model_versions: dict[str, list[Json]] = field(default_factory=dict)
    tables: dict[str, Json] = field(default_factory=dict)
    functions: dict[str, Json] = field(default_factory=dict)
    monitors: dict[str, Json] = field(default_factory=dict)
    data_monitors: dict[str, Json] = field(default_factory=dict)
    metastore: str | None = "m"
    schema_quota: int = 10_000
    grants: dict[tuple[str, str], dict[str, set[str]]] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    volume_files: dict[str, bytes] = field(default_factory=dict)
    permissions: dict[str, list[Json]] = field(default_factory=dict)
    jobs: dict[int, Json] = field(default_factory=dict)
    runs: dict[int, Json] = field(default_factory=dict)
    pipelines: dict[str, Json] = field(default_factory=dict)
    experiments: dict[str, Json] = field(default_factory=dict)
    endpoints: dict[str, Json] = field(default_factory=dict)
    warehouses: dict[str, Json] = field(default_factory=dict)
    alerts: dict[str, Json] = field(default_factory=dict)
    dashboards: dict[str, Json] = field(default_factory=dict)
    scopes: dict[str, Json] = field(default_factory=dict)
    policies: dict[str, Json] = field(default_factory=dict)
    pools: dict[str, Json] = field(default_factory=dict)
    clusters: dict[str, Json] = field(default_factory=dict)
    budget_policies: dict[str, Json] = field(default_factory=dict)
    runner: Callable[[Any], Any] | None = None
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1001))
    clock: Iterator[int] = field(default_factory=lambda: itertools.count(1_800_000_000_000, 1000))

    def number(self) -> int:
        """Return an id that was never given before."""
        return next(self.numbers)

    def now(self) -> int:
        """Return a moment in milliseconds, a second after the last one."""
        return next(self.clock)
