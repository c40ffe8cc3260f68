"""A proxy on loopback that stands before a real server and does to requests what networks and servers do."""

import http.client
import random
import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FAULTS = ("slow", "errors", "busy", "hang", "cut", "lost")
"""What can be wrong: every request takes a second; many end in a 500; many in a 429; many are never answered;
many answers break off in the middle; many requests are carried out, and the answer never comes."""

_HOST = "127.0.0.1"
_OFTEN = 0.3
_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}


class FaultyProxy:
    """A proxy, from entering the context to leaving it.

    Args:
        upstream: The port of the server that it stands before.
        fault: One of `FAULTS`; the empty string lets everything through.
        seed: From which it is drawn which requests are hit.
        slow: How many seconds a slow request takes.
    """

    def __init__(self, upstream: int, fault: str, seed: int = 0, slow: float = 1.0) -> None:
        self.fault = fault
        self.upstream = upstream
        self.slow = slow
        self.hits = 0
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._server = _Quiet((_HOST, 0), self._handler())
        self.address = f"http://{_HOST}:{self._server.server_port}"

    def __enter__(self) -> "FaultyProxy":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def struck(self) -> str:
        """The fault that the next request meets; empty for none."""
        with self._lock:
            fault = self.fault
            if fault and (fault == "slow" or self._chance.random() < _OFTEN):
                self.hits += 1
                return fault
            return ""

    def wait(self, seconds: float) -> None:
        """Wait, but no longer than the proxy is there."""
        self._over.wait(seconds)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        proxy = self

        class Handler(_Handler):
            def do(self) -> None:
                _serve(proxy, self)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do  # noqa: N815

        return Handler


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: who asked is gone, which is what this is about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Say nothing."""

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        """Answer whole."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def break_off(self) -> None:
        """Reset the connection, as a killed process does."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()


def _serve(proxy: FaultyProxy, request: _Handler) -> None:
    body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
    fault = proxy.struck()
    if fault == "slow":
        proxy.wait(proxy.slow)
    if fault == "errors":
        return request.answer(500, {"Content-Type": "application/json"}, b'{"error_code": "INTERNAL_ERROR"}')
    if fault == "busy":
        return request.answer(429, {"Content-Type": "text/plain"}, b"too many requests")
    if fault == "hang":
        proxy.wait(3600.0)
        return request.break_off()
    try:
        status, headers, answer = _upstream(proxy.upstream, request, body)
    except (OSError, http.client.HTTPException):
        return request.break_off()
    if fault == "lost":
        return request.break_off()
    if fault == "cut":
        request.send_response(status)
        request.send_header("Content-Length", str(len(answer)))
        request.end_headers()
        request.wfile.write(answer[: len(answer) // 2])
        return request.break_off()
    return request.answer(status, headers, answer)


def _upstream(port: int, request: _Handler, body: bytes) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(_HOST, port, timeout=60)
    headers = {name: value for name, value in request.headers.items() if name.lower() not in _BY_HOP}
    try:
        connection.request(request.command, request.path, body, headers)
        answer = connection.getresponse()
        kept = {name: value for name, value in answer.getheaders() if name.lower() not in _BY_HOP}
        return answer.status, kept, answer.read()
    finally:
        connection.close()
