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

import typer
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError
from rich.console import Console

from headway.core.errors import BadInput, StorageTrouble

DEFAULT_PORT = 8321
say = Console(stderr=True, highlight=False, soft_wrap=True).print


def register(app: typer.Typer) -> None:
    """Add the commands that set up and serve."""
    app.command("setup")(setup)
    app.command("serve")(serve)
    app.command("jobs")(jobs)
    app.command("demo")(demo)


def prepare() -> None:
    """Bring the records up to this version and build what pages need. Quick when there is nothing to do."""
    from headway.web.fonts import build_fonts

    try:
        call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as trouble:
        raise StorageTrouble(
            "The records cannot be opened",
            value=str(trouble).strip(),
            todo="Check DATABASE_URL and HEADWAY_HOME.",
        ) from trouble
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


def _serve_forever(port: int) -> None:
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
    with _worker(), contextlib.suppress(KeyboardInterrupt):
        waitress.serve(
            application,
            host="127.0.0.1",
            port=port,
            threads=8,
            ident="headway",
            max_request_body_size=MOST_BYTES,
            _quiet=True,
        )


def serve(port: int = typer.Option(DEFAULT_PORT, help="Port on this machine.")) -> None:
    """Serve the pages on this machine, with the background jobs beside them. Ctrl-C ends both."""
    _free(port)
    prepare()
    say(f"Headway is at http://127.0.0.1:{port}/   (Ctrl-C ends it)")
    _serve_forever(port)


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
    say("")
    if not no_serve:
        say(f"Alderwick, the demo company, is at http://127.0.0.1:{port}/   (Ctrl-C ends it)")
    say("Sign in as one of:")
    for person in sign_ins:
        say(f"  {person.role:<8} {person.email:<42} password: {person.password}")
    if not no_serve:
        _serve_forever(port)
