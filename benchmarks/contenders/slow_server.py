"""A real `mlflow server` on loopback that takes its time: a proxy before it holds every request back."""

import http.client
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HELD_BACK = 1.0
"""Seconds that a request waits."""
DROPPED = {"connection", "transfer-encoding", "content-length", "keep-alive", "host"}


@contextmanager
def slow_server() -> Iterator[str]:
    """Run server and proxy.

    Yields:
        The proxy's address.
    """
    port = _free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "mlflow", "server", "--port", str(port), "--workers", "1"]
        server = subprocess.Popen(
            [*command, "--backend-store-uri", f"sqlite:///{folder}/store.db"],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        proxy = ThreadingHTTPServer(("127.0.0.1", 0), _handler(port))
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{proxy.server_address[1]}"
        finally:
            proxy.shutdown()
            server.terminate()
            server.wait()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(port: int, patience: float = 120.0) -> None:
    for _ in range(int(patience)):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(1)
    raise TimeoutError("the server does not start")


def _handler(port: int) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_request(self) -> None:
            time.sleep(HELD_BACK)
            content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            sent = {name: value for name, value in self.headers.items() if name.lower() not in DROPPED}
            behind = http.client.HTTPConnection("127.0.0.1", port)
            behind.request(self.command, self.path, content, sent)
            answer = behind.getresponse()
            body = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in DROPPED:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            with suppress(BrokenPipeError, ConnectionResetError):  # whoever asked has lost patience
                self.end_headers()
                self.wfile.write(body)
            behind.close()

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_request  # noqa: N815

        def log_message(self, *arguments: object) -> None:
            """Keep quiet."""

    return Handler
