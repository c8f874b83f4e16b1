"""The generated page of the command line."""

from __future__ import annotations

import click
import typer


def pages() -> dict[str, str]:
    """Every command with its arguments and options, as Markdown."""
    from headway.cli.main import build

    root = typer.main.get_command(build())
    lines = [
        "# Command line",
        "",
        "Exit codes: 0 done, 1 found something wrong in the data or the record (named), 2 wrong usage, 3 not permitted.",
        "Errors go to standard error in one plain sentence. `--json` prints one JSON document on standard output, nothing else.",
    ]
    for path, command in _walk(root, "headway"):
        lines += ["", *_page(path, command)]
    return {"command-line.md": "\n".join(lines) + "\n"}


def _walk(command: click.Command, path: str) -> list[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        return [] if command.hidden else [(path, command)]
    found = []
    for name, sub in sorted(command.commands.items()):
        found += _walk(sub, f"{path} {name}")
    return found


def _page(path: str, command: click.Command) -> list[str]:
    arguments = [p for p in command.params if isinstance(p, click.Argument)]
    options = [p for p in command.params if isinstance(p, click.Option) and not p.hidden]
    usage = " ".join([path, *(_argument(a) for a in arguments), *(["[options]"] if options else [])])
    lines = [f"## `{path}`", "", (command.help or "").strip(), "", f"    {usage}"]
    if options:
        lines += ["", "| option | meaning |", "| --- | --- |"]
        lines += [f"| `{_option(o)}` | {(o.help or '').replace('|', chr(92) + '|')} |" for o in options]
    return lines


def _argument(argument: click.Argument) -> str:
    name = (argument.name or "").upper() + ("…" if argument.nargs == -1 else "")
    return name if argument.required else f"[{name}]"


def _option(option: click.Option) -> str:
    names = ", ".join([*option.opts, *option.secondary_opts])
    return names if option.is_flag else f"{names} {(option.metavar or option.type.name or '').upper()}"
