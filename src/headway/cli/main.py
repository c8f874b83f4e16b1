"""`headway`: one command for everything. Each room brings its own sub-commands."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

ROOMS_WITH_COMMANDS = ["facts", "metrics", "detection", "diagnosis", "plans", "running", "outcomes", "api", "home"]


def _start_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headway.config.settings")
    import django

    django.setup()


def build() -> Any:
    """The whole command tree. Django must have been set up."""
    import typer

    from headway.cli import company, docs, serving

    app = typer.Typer(
        help="Headway helps sales people who have fallen behind get back on track, fairly.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    for room in ROOMS_WITH_COMMANDS:
        importlib.import_module(f"headway.{room}.commands").register(app)
    for module in (company, serving, docs):
        module.register(app)
    return app


def main() -> None:
    """Run the command line; the one place where errors become an exit code."""
    from headway.core.errors import HeadwayError

    try:
        _start_django()
        from headway.cli.readiness import ready

        ready()
        build()(standalone_mode=True)
    except HeadwayError as error:
        print(error.sentence, file=sys.stderr)  # noqa: T201
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of our output went away (`headway ... | head`): nothing to say to anybody.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:  # the last resort: a person never sees a traceback, and nothing of it is lost
        print(_unexpected(error), file=sys.stderr)  # noqa: T201
        sys.exit(1)


def _unexpected(error: Exception) -> str:
    """One sentence for what nobody foresaw; the details go into a file of the home."""
    import traceback

    from headway.core.home_folder import home

    path = home() / "last-error.txt"
    try:
        path.write_text("".join(traceback.format_exception(error)))
        where = f"The details are in {path}; please report them."
    except OSError:
        where = "The details could not be written."
    return f"Something went wrong that Headway did not foresee: {type(error).__name__}: {error}. {where}"
