"""`headway connect`, `headway sync`, `headway disconnect`."""

from __future__ import annotations

import getpass
import json
import sys
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from headway.core.actors import SYSTEM
from headway.core.errors import BadInput, HeadwayError, WrongUsage

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def register(app: typer.Typer) -> None:
    """Add the commands for sources to `headway`."""
    app.command("connect")(connect)
    app.command("sync")(sync)
    app.command("disconnect")(disconnect)


def connect(
    kind: Annotated[str, typer.Argument(help="salesforce, hubspot, pipedrive, odoo, tryton, sql or files.")],
    name: Annotated[str, typer.Argument(help="What to call the source; the kind if left out.")] = "",
    given: Annotated[
        list[str] | None, typer.Option("--set", help="A setting, NAME=VALUE; may be repeated. See --explain.")
    ] = None,
    secret: Annotated[
        list[str] | None,
        typer.Option(help="NAME=env:SYNC_VARIABLE, NAME=file:PATH, or NAME=- to read it from standard input."),
    ] = None,
    every: Annotated[str, typer.Option(help="hourly, daily or manual.")] = "",
    explain: Annotated[bool, typer.Option("--explain", help="Say which settings this kind has.")] = False,
    json_out: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Connect a system that facts are read from, or change what is known about it. Reads nothing yet: see sync."""
    from headway.facts.connectors import actions
    from headway.facts.connectors.catalogue import kind_of
    from headway.facts.connectors.sources import status_of
    from headway.facts.models import Source

    found = kind_of(kind)
    if explain:
        _explain(found)
        return
    settings = _pairs(given or [])
    secrets = {k: _secret(k, v) for k, v in _pairs(secret or []).items()}
    called = name or kind
    source = Source.objects.filter(name=called).first()
    if source is not None and source.kind != kind:
        raise BadInput("There is a source of that name already, of another kind", value=source.kind)
    for setting in found.settings:
        if source is None and setting.secret and setting.required and setting.name not in secrets:
            secrets[setting.name] = _ask(str(setting.words))
    if source is None:
        source = actions.add_source(
            name=called, kind=kind, settings=settings, secrets=secrets, schedule=every or "daily", by=SYSTEM
        )
    else:
        source = actions.change_source(source=source, settings=settings, secrets=secrets, schedule=every, by=SYSTEM)
    if json_out:
        _print_json(status_of(source).as_json())
        return
    out.print(
        f"{source.name} is connected and will be read {source.get_schedule_display()}. Read it now with: ", end=""
    )
    out.print(f"headway sync {source.name}")


def _pairs(given: list[str]) -> dict[str, str]:
    found = {}
    for pair in given:
        name, sign, value = pair.partition("=")
        if not sign:
            raise WrongUsage("A setting is written NAME=VALUE", value=pair.split("=")[0])
        found[name.strip()] = value.replace("\\n", "\n")
    return found


def _secret(name: str, value: str) -> str:
    if value == "-":
        return sys.stdin.readline().strip()
    if not value.startswith(("env:", "file:")):
        raise WrongUsage(
            "A secret on the command line can be read by everybody on this machine",
            value=name,
            todo="Write env:SYNC_VARIABLE, file:PATH, or - to give it on standard input.",
        )
    return value


def _ask(words: str) -> str:
    if not sys.stdin.isatty():
        return ""
    return getpass.getpass(f"{words}: ")


def _explain(kind: Any) -> None:
    table = Table("setting", "what it is", "", box=None, pad_edge=False)
    for setting in kind.all_settings:
        need = "secret" if setting.secret else "needed" if setting.required else ""
        table.add_row(setting.name, f"{setting.words}. {setting.hint}".strip(), need)
    out.print(table)
    out.print(str(kind.tried))


def sync(
    name: Annotated[str, typer.Argument(help="The source; all that are connected if left out.")] = "",
    listed: Annotated[
        bool, typer.Option("--list", help="Say which sources there are and how fresh; read nothing.")
    ] = False,
    json_out: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Read what changed in connected systems and load it. Goes on where an earlier sync was cut off."""
    from headway.facts.connectors.sources import source_for, status_of, statuses_for
    from headway.facts.connectors.sources import sync as run

    chosen = [status_of(source_for(SYSTEM, name))] if name else statuses_for(SYSTEM)
    if listed:
        _print_list(chosen, json_out=json_out)
        return
    if not chosen:
        raise BadInput("No system is connected yet", todo="Connect one with: headway connect KIND --explain")
    documents, failed = [], False
    for status in chosen:
        try:
            result = run(status.source, by=SYSTEM, progress=lambda _share, words: _tell(words, json_out=json_out))
        except HeadwayError as error:
            failed = True
            err.print(error.sentence)
            documents.append({"name": status.source.name, "problem": error.sentence})
            continue
        documents.append({"name": status.source.name, **result.as_json()})
        if not json_out:
            _print_result(status.source.name, result)
    if json_out:
        _print_json({"sources": documents})
    if failed:
        raise typer.Exit(1)


def _tell(words: str, *, json_out: bool) -> None:
    if not json_out and err.is_terminal:
        err.print(words)


def _print_result(name: str, result: Any) -> None:
    rows = sum(t["loaded"] for t in result.tables.values())
    updated = sum(t["updated"] for t in result.tables.values())
    removed = sum(t.get("removed", 0) for t in result.tables.values())
    rejected = sum(t["rejected"] for t in result.tables.values())
    if result.version is None:
        out.print(f"{name}: nothing was different.")
    else:
        out.print(f"{name}: {rows} new, {updated} changed, {removed} removed rows; version {result.version}.")
    if rejected:
        out.print(f"{rejected} rows not loaded, with reasons: {result.rejects_file}")
    for table, number in result.left_out.items():
        out.print(f"{number} {table} left out: they are of people who own no deal and no lead.")
    for note in result.notes:
        out.print(note)


def _print_list(chosen: list[Any], *, json_out: bool) -> None:
    if json_out:
        _print_json({"sources": [s.as_json() for s in chosen]})
        return
    table = Table("source", "kind", "read", "fresh as of", "next", "", box=None, pad_edge=False)
    for s in chosen:
        how = "running" if s.running else s.source.problem or ("late" if s.late else "")
        table.add_row(
            s.source.name,
            str(s.kind.words),
            str(s.source.get_schedule_display()),
            _moment(s.fresh_at),
            _moment(s.next_at),
            how,
        )
    out.print(table)


def _moment(moment: Any) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC") if moment else "–"


def disconnect(
    name: Annotated[str, typer.Argument(help="The source.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Forget a source, its secrets and what was read from it. The facts that were loaded stay."""
    from headway.facts.connectors import actions
    from headway.facts.connectors.sources import source_for

    source = source_for(SYSTEM, name)
    if not yes and not typer.confirm(f"Forget {name} and its secrets?", err=True):
        raise typer.Exit(1)
    actions.remove_source(source=source, by=SYSTEM)
    out.print(f"{name} is forgotten; the facts that came from it stay.")


def _print_json(document: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, default=str) + "\n")
