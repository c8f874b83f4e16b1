"""`headway token make | list | revoke`: access tokens for programs."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

out = Console(highlight=False, soft_wrap=True)
JSON = Annotated[bool, typer.Option("--json", help="One JSON document.")]


def register(app: typer.Typer) -> None:
    """Add this room's commands to `headway`."""
    group = typer.Typer(help="Access tokens of the API.", no_args_is_help=True)
    group.command("make")(make)
    group.command("list")(list_tokens)
    group.command("revoke")(revoke)
    app.add_typer(group, name="token")


def make(
    email: Annotated[str, typer.Argument(help="The address the person signs in with: the token can do what they can.")],
    name: Annotated[str, typer.Option(help="What will use it, like “weekly report”.")],
    expires_on: Annotated[str | None, typer.Option(help="The last day it works, YYYY-MM-DD.")] = None,
    json_out: JSON = False,
) -> None:
    """Make an access token; prints the secret once."""
    from headway.api.actions import make_token_for
    from headway.core.actors import SYSTEM
    from headway.core.errors import BadInput
    from headway.detection.commands import day
    from headway.people.models import User

    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise BadInput("Nobody signs in with this address", value=email, todo="See `headway invite`.")
    made = make_token_for(user=user, name=name, expires_on=day(expires_on), by=SYSTEM)
    if json_out:
        print(json.dumps({"id": made.token.pk, "name": made.token.name, "token": made.secret}))  # noqa: T201
        return
    out.print(f"Token {made.token.pk} for {user.name}, shown only now:\n{made.secret}")


def list_tokens(json_out: JSON = False) -> None:
    """List the access tokens and when each was last used."""
    from headway.api.queries import tokens_for
    from headway.core import clock
    from headway.core.actors import SYSTEM

    today = clock.today()
    rows = [
        {
            "id": token.pk,
            "name": token.name,
            "owner": token.user.email,
            "starts_with": token.start,
            "works": token.works_on(today),
            "expires_on": token.expires_on.isoformat() if token.expires_on else None,
            "used_on": token.used_on.isoformat() if token.used_on else None,
        }
        for token in tokens_for(SYSTEM)
    ]
    if json_out:
        print(json.dumps({"tokens": rows}, ensure_ascii=False))  # noqa: T201
        return
    table = Table("id", "name", "owner", "starts with", "works", "last used", box=None, pad_edge=False)
    for row in rows:
        table.add_row(
            str(row["id"]), str(row["name"]), str(row["owner"]), str(row["starts_with"]),
            "yes" if row["works"] else "no", str(row["used_on"] or "never"),
        )  # fmt: skip
    out.print(table)


def revoke(number: Annotated[int, typer.Argument(help="The token's id, see `headway token list`.")]) -> None:
    """Switch an access token off, for good."""
    from headway.api.actions import revoke_anybodys_token
    from headway.api.queries import token_for
    from headway.core.actors import SYSTEM

    token = revoke_anybodys_token(token=token_for(SYSTEM, number), by=SYSTEM)
    out.print(f"Token {token.pk} ({token.name}) is switched off.")
