"""A stand-in for a ClickHouse server: its HTTP interface as documented, answered by chDB, which is the same engine."""

from __future__ import annotations

import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

USER, PASSWORD = "headway", "s3cret&p:w"


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve the database in a folder; gives `host:port`."""
    session = pytest.importorskip("chdb.session", reason="chDB is not installed").Session(str(folder))
    one = threading.Lock()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sql = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if (self.headers["X-ClickHouse-User"], self.headers["X-ClickHouse-Key"]) != (USER, PASSWORD):
                self.answer(403, b"Code: 516. DB::Exception: headway: Authentication failed. (AUTHENTICATION_FAILED)")
                return
            asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
            settings = ", ".join(f"{k} = '{v}'" for k, v in asked.items() if k not in ("database", "readonly"))
            try:
                with one:
                    session.query(f"SET {settings}")
                    session.query(f"USE {asked.get('database', 'default')}")
                    self.answer(200, bytes(session.query(sql, "ArrowStream").bytes()))
            except RuntimeError as error:
                self.answer(404 if "UNKNOWN_TABLE" in str(error) else 500, str(error).encode())

        def answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        session.close()
