"""A private index on the loopback device that takes uploads: who may, what it has, and what it was asked."""

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class UploadIndex:
    """A running index.

    Attributes:
        user: Who may upload, with which password.
        password: See `user`.
        files: What was uploaded, by file name.
        uploads: How many uploads came in.
    """

    user: str
    password: str
    files: dict[str, bytes] = field(default_factory=dict)
    uploads: int = 0
    port: int = 0

    @property
    def upload(self) -> str:
        """The address to upload to."""
        return f"http://127.0.0.1:{self.port}/upload/"

    @property
    def simple(self) -> str:
        """The address to look for files at."""
        return f"http://127.0.0.1:{self.port}/simple/"


@contextmanager
def taking_uploads(user: str, password: str) -> Iterator[UploadIndex]:
    """Run an index."""
    index = UploadIndex(user, password)
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


def _handler(index: UploadIndex) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.strip("/").rpartition("/")[2].replace("-", "_")
            links = [
                f'<a href="/files/{file}#sha256={sha256(content).hexdigest()}">{file}</a>'
                for file, content in index.files.items()
                if file.startswith(f"{name}-")
            ]
            self._answer(
                200 if links else 404, "<!DOCTYPE html><html><body>" + "".join(links) + "</body></html>"
            )

        def do_POST(self) -> None:
            body = (
                self.rfile.read(int(self.headers["Content-Length"]))
                if "Content-Length" in self.headers
                else self._chunks()
            )
            allowed = base64.b64encode(f"{index.user}:{index.password}".encode()).decode()
            if self.headers.get("Authorization") != f"Basic {allowed}":
                self._answer(403, "who are you?")
                return
            index.uploads += 1
            head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
            parts = list(BytesParser(policy=HTTP).parsebytes(head + body).iter_parts())
            fields = {part.get_param("name", header="content-disposition"): part for part in parts}
            content = fields["content"].get_payload(decode=True)
            assert fields["sha256_digest"].get_content().strip() == sha256(content).hexdigest()
            index.files[fields["content"].get_filename()] = content
            self._answer(200, "")

        def _chunks(self) -> bytes:
            found = b""
            while size := int(self.rfile.readline(), 16):
                found += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return found

        def _answer(self, status: int, text: str) -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
