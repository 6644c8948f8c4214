"""A webhook on this machine: it keeps what is posted to it."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

SECRET = "T0/B0/secret"  # the part of the address that nobody may see


@contextmanager
def receiving(status=200, headers=(), wait=0.0):
    """A server on this machine, its address, and the bodies that were posted to it."""
    bodies = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            time.sleep(wait)  # a slow server is what is tested
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()

        do_GET = do_POST

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/{SECRET}", bodies
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
