"""`headway setup`, `serve`, `jobs`, `demo`: getting the records ready and the pages served."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from typing import Any

import typer
from django.conf import settings
from rich.console import Console

from headway.cli.readiness import ready
from headway.core.errors import BadInput

DEFAULT_PORT = 8321
say = Console(stderr=True, highlight=False, soft_wrap=True).print


def register(app: typer.Typer) -> None:
    """Add the commands that set up and serve."""
    app.command("setup")(setup)
    app.command("serve")(serve)
    app.command("jobs")(jobs)
    app.command("demo")(demo)
    app.command("demo-week")(demo_week)


def prepare() -> None:
    """Bring the records up to this version and build what pages need. Quick when there is nothing to do."""
    from headway.web.fonts import build_fonts

    ready()
    build_fonts()


def setup() -> None:
    """Make the records and the fonts ready. Safe to repeat."""
    prepare()
    say(f"Headway is ready. Its data lives in {settings.HEADWAY_HOME}.")


def _free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as taken:
            raise BadInput("The port is in use", value=port, todo="Choose another one with --port.") from taken


@contextlib.contextmanager
def _worker() -> Iterator[None]:
    """The background jobs, as a child that goes when we go and is started again when it breaks."""
    ending = threading.Event()
    children: list[subprocess.Popen[bytes]] = []

    def keep_one() -> None:
        while not ending.is_set():
            children[:] = [subprocess.Popen([sys.executable, "-m", "headway", "jobs"], stdin=subprocess.DEVNULL)]
            children[0].wait()
            ending.wait(2)

    guard = threading.Thread(target=keep_one, daemon=True)
    guard.start()
    try:
        yield
    finally:
        ending.set()
        for child in children:
            child.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(timeout=10)
            child.kill()


def _serve_forever(port: int, invitation: str) -> None:
    import waitress

    from headway.config.wsgi import application
    from headway.facts.web_loads.uploads import MOST_BYTES

    # The server keeps what arrives in a file until it is whole: on the disk of the home, where room is checked for.
    spool = settings.HEADWAY_HOME / "tmp"
    spool.mkdir(parents=True, exist_ok=True)
    tempfile.tempdir = str(spool)

    def stop(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    # Behind a proxy with TLS, its word on the scheme counts; nobody else's.
    proxy: dict[str, Any] = {}
    if settings.BEHIND_TLS:
        proxy = {"trusted_proxy": "127.0.0.1", "trusted_proxy_headers": {"x-forwarded-proto"}}
    server = waitress.create_server(
        application,
        host="127.0.0.1",
        port=port,
        threads=8,
        ident="headway",
        max_request_body_size=MOST_BYTES,
        **proxy,
    )
    # The port is open from here on: a click that is quicker than the first answer waits instead of being refused.
    say(invitation)
    with _worker(), contextlib.suppress(KeyboardInterrupt):
        server.run()


def serve(port: int = typer.Option(DEFAULT_PORT, help="Port on this machine.")) -> None:
    """Serve the pages on this machine, with the background jobs beside them. Ctrl-C ends both."""
    _free(port)
    prepare()
    _serve_forever(port, f"Headway is at http://127.0.0.1:{port}/   (Ctrl-C ends it)")


def jobs(once: bool = typer.Option(False, "--once", help="Do what is waiting, then stop.")) -> None:
    """Do the background jobs: loads and analyses started on pages, mail."""
    from headway.core.jobs import work

    prepare()
    asked: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: asked.append(number))
    parent = os.getppid()
    # A worker whose server was killed must not stay behind and work beside the next one.
    work(once=once, stopped=lambda: bool(asked) or os.getppid() != parent)


def demo(
    port: int = typer.Option(DEFAULT_PORT, help="Port on this machine."),
    no_serve: bool = typer.Option(False, "--no-serve", help="Make the demo company, but do not serve it."),
) -> None:
    """Make the demo company (seeded, the same every time) and serve it on this machine."""
    from headway.demo.start import make_demo

    if not no_serve:
        _free(port)
    prepare()
    sign_ins = make_demo(say=lambda text: say(text))
    ways_in = "\n".join(f"  {p.role:<8} {p.email:<42} password: {p.password}" for p in sign_ins)
    if no_serve:
        say(f"\nSign in, once it is served (`headway serve`), as one of:\n{ways_in}")
        return
    where = f"Alderwick, the demo company, is at http://127.0.0.1:{port}/   (Ctrl-C ends it)"
    _serve_forever(port, f"\n{where}\nSign in as one of:\n{ways_in}")


def demo_week(weeks: int = typer.Option(1, min=1, max=52, help="How many weeks go by.")) -> None:
    """Let a week go by in the demo company: new CRM data, a new analysis, plans measured, people told."""
    from headway.demo.weeks import advance

    prepare()
    advance(weeks=weeks, say=lambda text: say(text))
