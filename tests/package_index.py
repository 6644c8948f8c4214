"""Package indexes on the loopback device: a public one with traps under our names, and a company's own."""

import io
import re
import threading
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import lakewright
from lakewright.wheels.installed import installed_wheel
from lakewright.wheels.names import OURS
from lakewright.wheels.wheel_file import Wheel, file_name, parse_wheel, record_hash

ROOT = Path(__file__).parents[1]
TRAP = "raise SystemExit('this package is a stranger')"
_BUILD_TOOLS = ("hatchling", "packaging", "pathspec", "pluggy", "trove-classifiers", "editables")


@dataclass
class Index:
    """A running index.

    Attributes:
        wheels: What it has, by the name of the package.
        asked: The packages that it was asked for.
    """

    wheels: Mapping[str, list[Wheel]]
    asked: set[str] = field(default_factory=set)
    port: int = 0

    @property
    def address(self) -> str:
        """The address for `--index-url`."""
        return f"http://127.0.0.1:{self.port}/simple"

    @property
    def asked_for_ours(self) -> set[str]:
        """Our packages that it was asked for."""
        return self.asked & set(OURS)


@contextmanager
def serving(wheels: Iterable[Wheel]) -> Iterator[Index]:
    """Run an index with these wheels."""
    by_name: dict[str, list[Wheel]] = {}
    for wheel in wheels:
        by_name.setdefault(wheel.name, []).append(wheel)
    index = Index(by_name)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(index))
    index.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield index
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(index: Index) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            _, kind, name, *_ = f"{self.path}//".split("/")
            if kind == "simple":
                index.asked.add(name)
                links = [
                    f'<a href="/files/{wheel.file}#sha256={sha256(wheel.content).hexdigest()}">{wheel.file}</a>'
                    for wheel in index.wheels.get(name, ())
                ]
                self._answer(
                    f"<!DOCTYPE html><body>{''.join(links)}</body>".encode(), "text/html", bool(links)
                )
            else:
                found = [wheel for each in index.wheels.values() for wheel in each if wheel.file == name]
                self._answer(found[0].content if found else b"", "application/octet-stream", bool(found))

        do_HEAD = do_GET  # uv asks for a file's size first

        def _answer(self, content: bytes, kind: str, found: bool) -> None:
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    return Handler


def public_wheels() -> Iterator[Wheel]:
    """What a public index has: what our locks and the runtime's list name, without content; real build tools; traps."""
    files = [*(ROOT / "requirements").glob("*.lock"), ROOT / "examples" / "flights" / "constraints.txt"]
    listed = "".join(file.read_text(encoding="utf-8") for file in files).replace(".*", ".0")
    tools = [installed_wheel(name) for name in _BUILD_TOOLS]
    real = {(tool.name, tool.version) for tool in tools}
    for name, version in sorted(set(re.findall(r"^([\w.-]+)==([^\s;]+)", listed, re.MULTILINE))):
        if (name, version) not in real:
            yield stub(name, version, "")
    yield from tools
    for name in OURS:
        yield stub(name, lakewright.__version__, TRAP)
        yield stub(name, "99.0", TRAP)


def stub(name: str, version: str, body: str) -> Wheel:
    """A wheel with one module."""
    module = re.sub(r"[-.]", "_", name)
    info = file_name(name, version).removesuffix("-py3-none-any.whl") + ".dist-info"
    files = {
        f"{module}/__init__.py": body,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    rows = "".join(f"{place},{record_hash(text.encode())},{len(text)}\n" for place, text in files.items())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for place, text in {**files, f"{info}/RECORD": f"{rows}{info}/RECORD,,\n"}.items():
            archive.writestr(zipfile.ZipInfo(place), text)
    return parse_wheel(packed.getvalue(), name)
