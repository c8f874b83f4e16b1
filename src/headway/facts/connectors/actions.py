"""Every write to the records of sources. Secrets are sealed; an audit entry names what changed only."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from headway.core import audit, clock
from headway.core.action import action
from headway.core.actors import Actor, Role
from headway.core.errors import BadInput, Conflict, HeadwayError, NotAllowed
from headway.facts.connectors import vault
from headway.facts.connectors.catalogue import Kind, kind_of
from headway.facts.connectors.syncing import SyncResult, folder_of, stages_of
from headway.facts.models import Source

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
# Addresses that are read on this machine itself: for whoever has its command line.
_LOCAL = ("file:", "/", ".", "~", "sqlite", "duckdb")


@action(permission="sources.change", event="source.added")
def add_source(
    *, name: str, kind: str, settings: Mapping[str, str], secrets: Mapping[str, str], schedule: str, by: Actor
) -> Source:
    """Add a source.

    Args:
        name: small letters, digits and hyphens; the name of its folder too.
        kind: one of the catalogue.
        settings: by name, as the catalogue has them.
        secrets: by name: the secret itself, `env:SYNC_…` or `file:PATH`.
        schedule: hourly, daily or manual.
        by: who asks for it.

    Raises:
        BadInput: a setting is missing or not understood.
        Conflict: there is a source of that name.
        NotAllowed: it would read this machine's own files, and `by` is not its operator.
    """
    if not _NAME.fullmatch(name):
        raise BadInput(_("A source's name has small letters, digits and hyphens"), value=name)
    if Source.objects.filter(name=name).exists():
        raise Conflict(
            _("There is a source of that name already"), value=name, todo=_("Change it, or take another name.")
        )
    found = kind_of(kind)
    said = dict(settings)
    if Source.objects.exists() and not said.get("prefix") and "prefix" not in settings:
        said["prefix"] = f"{name}:"
    source = Source(name=name, kind=kind, schedule=_schedule(schedule))
    _set(source, found, said, secrets, by)
    source.save()
    audit.detail(source=name, kind=kind)
    return source


@action(permission="sources.change", event="source.changed", locks="source")
def change_source(
    *, source: Source, settings: Mapping[str, str], secrets: Mapping[str, str], schedule: str, by: Actor
) -> Source:
    """Change what is given; a secret that is not given stays. Raises like `add_source`."""
    if source.fresh_at and settings.get("prefix", source.settings.get("prefix", "")) != source.settings.get(
        "prefix", ""
    ):
        raise BadInput(
            _("The prefix cannot change once the source was read: its rows have it"),
            value=settings["prefix"],
            todo=_("Connect it anew under another name, and load afresh."),
        )
    _set(source, kind_of(source.kind), {**source.settings, **settings}, secrets, by)
    source.schedule = _schedule(schedule or source.schedule)
    source.problem = ""
    source.save()
    audit.detail(source=source.name, settings=sorted(settings), secrets=sorted(k for k, v in secrets.items() if v))
    return source


def _schedule(text: str) -> str:
    if text not in Source.Schedule.values:
        raise BadInput(
            _("That is not how often a source can be read"),
            value=text,
            todo=_("Use one of: %s.") % ", ".join(Source.Schedule.values),
        )
    return text


def _set(source: Source, kind: Kind, settings: Mapping[str, str], secrets: Mapping[str, str], by: Actor) -> None:
    for name in (*settings, *secrets):
        setting = kind.setting(name)
        if setting is None:
            known = ", ".join(s.name for s in kind.all_settings)
            raise BadInput(_("%s has no such setting") % str(kind.words), value=name, todo=_("It has: %s.") % known)
    kept = {k: v.strip() for k, v in settings.items() if v.strip()}
    sealed = {**source.secrets, **{k: _keep(v.strip(), by) for k, v in secrets.items() if v.strip()}}
    for setting in kind.settings:
        if setting.required and not (sealed if setting.secret else kept).get(setting.name):
            raise BadInput(_("%s needs one more thing to be read") % str(kind.words), value=str(setting.words))
    _check(kept)
    if by.role != Role.SYSTEM and kept.get("address", "").lower().startswith(_LOCAL):
        raise NotAllowed(
            _("Files of this machine are read only by sources that were added on its command line"),
            todo=_("Ask whoever runs the machine to add it with headway connect."),
        )
    source.settings, source.secrets = kept, sealed


def _keep(secret: str, by: Actor) -> str:
    if secret.startswith("file:") and by.role != Role.SYSTEM:
        raise NotAllowed(
            _("A file with a secret can be named only on the command line"), todo=_("Write the secret itself.")
        )
    return vault.keep(secret)


def _check(settings: Mapping[str, str]) -> None:
    since = settings.get("since", "")
    if since:
        try:
            date.fromisoformat(since)
        except ValueError as error:
            raise BadInput(_("The day to read from is not a date"), value=since, todo=_("Write YYYY-MM-DD.")) from error
    currency = settings.get("currency", "")
    if currency and not re.fullmatch(r"[A-Za-z]{3}", currency):
        raise BadInput(_("Not a currency"), value=currency, todo=_("Write the code of three letters, such as EUR."))
    stages = settings.get("stages", "")
    lines = [line for line in stages.splitlines() if line.strip()]
    if len(stages_of(stages)) < len(lines):
        raise BadInput(_("A line of the stages is not understood"), todo=_("Write CRM stage = stage of your ladder."))
    address = settings.get("address", "")
    if "@" in address.split("?")[0] and "//" in address and ":" in address.split("//")[1].split("@")[0]:
        raise BadInput(
            _("The address holds a password, which would be kept in clear"), todo=_("Give the password by itself.")
        )


@action(permission="sources.change", event="source.removed", locks="source")
def remove_source(*, source: Source, by: Actor) -> str:
    """Forget a source, its secrets and what was read from it. The facts that were loaded stay."""
    name = source.name
    audit.detail(source=name)
    source.delete()
    shutil.rmtree(folder_of(name), ignore_errors=True)
    return name


@action(permission="facts.load", event="source.asked", locks="source")
def ask_for_sync(*, source: Source, by: Actor) -> Source:
    """A person wants it read now; a job does it next."""
    source.asked_at = clock.now()
    source.save()
    audit.detail(source=source.name)
    return source


@action(permission="facts.load", event="source.sync_begun", locks="source")
def begin_sync(*, source: Source, by: Actor) -> Source:
    """A sync begins."""
    source.started_at, source.ended_at, source.asked_at = clock.now(), None, None
    source.save()
    audit.detail(source=source.name)
    return source


@action(permission="facts.load", event="source.synced", locks="source")
def keep_result(*, source: Source, result: SyncResult, by: Actor) -> Source:
    """A sync is done. What the source had when it began is in the facts."""
    source.ended_at, source.fresh_at, source.problem = clock.now(), source.started_at, ""
    source.result = result.as_json()
    source.save()
    audit.detail(source=source.name, version=result.version, read=result.read)
    return source


@action(permission="facts.load", event="source.sync_stopped", locks="source")
def keep_problem(*, source: Source, error: HeadwayError, hidden: tuple[str, ...], by: Actor) -> Source:
    """A sync stopped: keep the sentence, without the secrets. What was read is kept for the next one."""
    source.ended_at = clock.now()
    source.problem = vault.hidden(error.sentence, hidden)[:500]
    source.save()
    audit.detail(source=source.name, problem=source.problem)
    return source
