"""A server on loopback that answers as a CRM's published description says, and refuses what that refuses."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Headers = dict[str, str]


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    params: dict[str, str]
    body: Any
    headers: Headers


@dataclass(frozen=True)
class Answer:
    """What is answered: JSON unless `text` is given."""

    status: int
    data: Any = None
    headers: Headers = field(default_factory=dict)
    text: str = ""


@dataclass
class Trouble:
    """Answered once (or `times`) instead of the right answer, to requests whose path holds `path`."""

    path: str
    answer: Answer
    times: int = 1


class Standin:
    """A CRM on loopback. What it holds can be changed between two syncs."""

    def __init__(self) -> None:
        self.log: list[Asked] = []
        self.troubles: list[Trouble] = []
        self.before: Callable[[Asked], None] | None = None

    def answer(self, asked: Asked) -> Answer:
        """The right answer to a request."""
        raise NotImplementedError

    def take(self, asked: Asked) -> Answer:
        """Log a request; answer it, or make trouble."""
        self.log.append(asked)
        if self.before is not None:
            self.before(asked)
        for trouble in self.troubles:
            if trouble.times and trouble.path in asked.path:
                trouble.times -= 1
                return trouble.answer
        return self.answer(asked)

    def paths(self, holding: str) -> list[str]:
        """Paths that were asked for and hold a text."""
        return [a.path for a in self.log if holding in a.path]

    @contextlib.contextmanager
    def serving(self) -> Iterator[str]:
        """Serve; gives the address."""
        standin = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _do(self) -> None:
                url = urlsplit(self.path)
                raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                kind = self.headers.get("Content-Type", "")
                body: Any = raw.decode()
                if "json" in kind and raw:
                    body = json.loads(raw)
                elif "form" in kind:
                    body = {k: v[0] for k, v in parse_qs(body).items()}
                params = {k: v[-1] for k, v in parse_qs(url.query, keep_blank_values=True).items()}
                made = standin.take(Asked(self.command, url.path, params, body, dict(self.headers.items())))
                data = made.text.encode() if made.text else json.dumps(made.data).encode()
                self.send_response(made.status)
                for name, value in {"Content-Type": "application/json", **made.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(data)

            do_GET = do_POST = do_HEAD = _do  # noqa: N815

            def log_message(self, *_arguments: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
