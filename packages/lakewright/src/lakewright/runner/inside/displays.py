"""`display` and `displayHTML` in a log: tables as text, figures and HTML as files beside the log."""

from __future__ import annotations

import io
import itertools
from pathlib import Path
from typing import Any

from lakewright.runner.handover.redactor import Redactor

_ROWS = 20


class Displays:
    """What notebooks know as `display`. Secrets do not get into the files.

    Args:
        folder: Where figures and HTML go.
        redactor: Removes secrets.
    """

    def __init__(self, folder: Path, redactor: Redactor) -> None:
        self._folder = folder
        self._redactor = redactor
        self._count = itertools.count(1)

    def __call__(self, value: Any = None, *_more: Any, **_options: Any) -> None:
        """Print a value as well as a log can show it."""
        if value is None:
            return
        if getattr(value, "isStreaming", False):
            print(f"{value} (a stream; write it to a table to see its rows)", flush=True)  # noqa: T201 - the log
        elif callable(getattr(value, "show", None)) and hasattr(value, "schema"):
            value.show(_ROWS, truncate=60)
        elif callable(getattr(value, "savefig", None)):
            self._say("figure", self._save(value, "svg"))
        elif hasattr(value, "to_string") and hasattr(value, "head"):
            print(value.head(_ROWS).to_string(), flush=True)  # noqa: T201 - the log
        elif callable(getattr(value, "_repr_html_", None)) and not isinstance(value, type):
            self.html(value._repr_html_())
        else:
            print(repr(value), flush=True)  # noqa: T201 - the log

    def html(self, html: str) -> None:
        """Write HTML to a file and print its path."""
        path = self._path("html")
        path.write_text(self._redactor.text(str(html)), encoding="utf-8")
        self._say("html", path)

    def _save(self, figure: Any, kind: str) -> Path:
        path = self._path(kind)
        buffer = io.BytesIO()
        figure.savefig(buffer, format=kind)
        path.write_bytes(self._redactor.data(buffer.getvalue()))
        return path

    def _path(self, kind: str) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder / f"display-{next(self._count)}.{kind}"

    def _say(self, what: str, path: Path) -> None:
        print(f"[{what}] {path}", flush=True)  # noqa: T201 - the log
