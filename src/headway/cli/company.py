"""`headway invite`, `headway people`, `headway company`, `headway audit verify`."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from headway.core.actors import SYSTEM
from headway.core.proof import prove

out = Console(highlight=False, soft_wrap=True)


def register(app: typer.Typer) -> None:
    """Add the commands about the company, its people and its record."""
    app.command("people")(people)
    app.command("invite")(invite)
    app.command("company")(company)
    record = typer.Typer(help="The record of who saw and did what.", no_args_is_help=True)
    record.command("verify")(verify)
    record.callback()(lambda: None)
    app.add_typer(record, name="audit")


def people(json_out: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False) -> None:
    """List the people the facts name, with their ids."""
    from headway.people.queries import people_for

    rows = list(people_for(SYSTEM).values("person_id", "name", "email", "role", "team", "manager_id"))
    if json_out:
        print(json.dumps({"people": rows}, ensure_ascii=False))  # noqa: T201
        return
    table = Table("id", "name", "role", "team", "manager", box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(str(row[key] or "") for key in ("person_id", "name", "role", "team", "manager_id")))
    out.print(table)


def invite(
    email: Annotated[str, typer.Argument(help="Address to sign in with.")],
    role: Annotated[str, typer.Option("--as", help="rep, manager, leader, hr, revops or admin.")],
    person: Annotated[
        str | None, typer.Option(help="Id of the person in the facts; found by e-mail if left out.")
    ] = None,
    name: Annotated[str, typer.Option(help="Name to show.")] = "",
) -> None:
    """Give somebody access; prints the password once."""
    from headway.people.actions import give_access

    access = give_access(email=email, role=role, person_id=person, name=name, by=SYSTEM)
    out.print(f"{access.user.name} can sign in as {email} with the password {access.password}")
    if access.user.person_id is None and role in {"rep", "manager", "leader"}:
        out.print(
            "No person in the facts belongs to this address, so there is nothing to see yet: "
            "name one with --person (see `headway people`)."
        )


def company(
    name: Annotated[str | None, typer.Option(help="The company's name.")] = None,
    currency: Annotated[str | None, typer.Option(help="Three letters, like EUR.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="Like Europe/Berlin.")] = None,
    fiscal_year_start: Annotated[int | None, typer.Option(help="Month, 1 to 12.")] = None,
    week_start: Annotated[str | None, typer.Option(help="monday, saturday or sunday.")] = None,
    fiscal_pattern: Annotated[
        str | None, typer.Option(help="How the fiscal year is parted: months, 4-4-5, 4-5-4, 5-4-4 or 13x4.")
    ] = None,
    fiscal_year_end: Annotated[
        str | None,
        typer.Option(
            help="Of a year of whole weeks: it ends with the week nearest to its last month’s end, or the last."
        ),
    ] = None,
    ladder: Annotated[str | None, typer.Option(help="Stages in order, separated by commas, ending with won.")] = None,
    coaching_hour_cost: Annotated[
        float | None, typer.Option(help="What an hour of support costs, in the currency; 0: not set.")
    ] = None,
    json_out: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Show the company's settings, or change those that are named."""
    from headway.people.actions import change_company
    from headway.people.company import CompanyChange, settings_of

    given = CompanyChange.from_texts(
        name=name, currency=currency, time_zone=time_zone, fiscal_year_start=fiscal_year_start,
        week_start=week_start, fiscal_pattern=fiscal_pattern, fiscal_year_end=fiscal_year_end, ladder=ladder,
        coaching_hour_cost=coaching_hour_cost,
    )  # fmt: skip
    if not given.empty:
        change_company(change=given, by=SYSTEM)
    rows = settings_of()
    if json_out:
        print(json.dumps(rows, ensure_ascii=False))  # noqa: T201
        return
    for key, value in rows.items():
        out.print(f"{key:<24} {value}")


def verify() -> None:
    """Walk the record, every version of a plan and every signed paper; exit 1 names the first that does not fit."""
    proof = prove()
    out.print(proof.sentence)
    if not proof.whole:
        raise typer.Exit(1)
