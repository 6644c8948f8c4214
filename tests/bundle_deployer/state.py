"""What was deployed: ids and values by resource, in `resources.json`, here and in the workspace.

While a deployment runs, each change is a line in `resources.json.wal`; a deployment that was killed is completed from it. A line
`{"pending": key}` is written before a resource is created whose name is not unique: if no line with its id follows, the answer was lost.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from databricks.sdk.errors import NotFound

Json = dict[str, Any]
VERSION = 2
CLI_VERSION = "0.0.0-lakewright-tests"


@dataclass
class State:
    """The state of one target of one bundle.

    Attributes:
        file: The file here.
        serial: How often it was written.
        lineage: The deployment's own id; a state of another lineage is refused by the CLI.
        entries: By resource: `{"__id__": …, "state": …, "depends_on": […]}`.
        pending: Resources whose creation was begun, and never confirmed.
    """

    file: Path
    serial: int = 0
    lineage: str = ""
    entries: dict[str, Json] = field(default_factory=dict)
    pending: set[str] = field(default_factory=set)

    @property
    def log(self) -> Path:
        return self.file.with_name(f"{self.file.name}.wal")

    def id_of(self, key: str) -> str | None:
        found = self.entries.get(key)
        return str(found["__id__"]) if found else None

    def begin(self, key: str) -> None:
        self.pending.add(key)
        self._append({"pending": key})

    def refused(self, key: str) -> None:
        """The workspace answered, and did not create it."""
        self.pending.discard(key)
        self._append({"refused": key})

    def save(self, key: str, number: str, value: Json, depends_on: list[Json]) -> None:
        entry = {"__id__": number, "state": value, **({"depends_on": depends_on} if depends_on else {})}
        self.entries[key] = entry
        self.pending.discard(key)
        self._append({"k": key, "v": entry})

    def forget(self, key: str) -> None:
        self.entries.pop(key, None)
        self.pending.discard(key)
        self._append({"k": key})

    def _append(self, line: Json) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def finish(self) -> bytes:
        """Write the file from the lines; return its content for the workspace."""
        if self.log.exists():
            self.serial += 1
            self.lineage = self.lineage or str(uuid4())
        content = json.dumps(self.as_json(), indent=1).encode()
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_bytes(content)
        self.log.unlink(missing_ok=True)
        return content

    def as_json(self) -> Json:
        head: Json = {
            "state_version": VERSION,
            "cli_version": CLI_VERSION,
            "lineage": self.lineage,
            "serial": self.serial,
        }
        return {**head, "state": self.entries, **({"pending": sorted(self.pending)} if self.pending else {})}


def load_state(file: Path, remote: Callable[[], bytes]) -> State:
    """Return the newer of the state here and that of the workspace, with the lines of a deployment that was killed."""
    candidates = [json.loads(file.read_bytes())] if file.exists() else []
    with suppress(NotFound):
        candidates.append(json.loads(remote()))
    newest: Json = max(candidates, key=lambda each: each["serial"], default={})
    state = State(
        file,
        newest.get("serial", 0),
        newest.get("lineage", ""),
        newest.get("state", {}),
        set(newest.get("pending", ())),
    )
    if state.log.exists():
        for line in state.log.read_text(encoding="utf-8").splitlines():
            _replay(state, json.loads(line))
    return state


def _replay(state: State, line: Json) -> None:
    if "pending" in line:
        state.pending.add(line["pending"])
    elif "refused" in line:
        state.pending.discard(line["refused"])
    elif "v" in line:
        state.entries[line["k"]] = line["v"]
        state.pending.discard(line["k"])
    else:
        state.entries.pop(line["k"], None)
