"""Every write to the facts: making a version current, undoing it, remembering what a source means."""

from __future__ import annotations

from django.db.models import Max
from django.utils.translation import gettext as _

from headway.core import audit
from headway.core.action import action
from headway.core.actors import Actor
from headway.core.errors import Conflict
from headway.facts.folder import Manifest, read_manifest, version_folder
from headway.facts.lock import load_lock
from headway.facts.mapping import Mapping
from headway.facts.models import FactVersion, SavedMapping
from headway.facts.people_rows import people_of
from headway.people.actions import sync_people


def _make_current(version: FactVersion, *, by: Actor) -> None:
    FactVersion.objects.filter(is_current=True).update(is_current=False)
    FactVersion.objects.filter(pk=version.pk).update(is_current=True)
    version.is_current = True
    rows = people_of(version.number)
    sync_people(rows=rows.people, assignments=rows.assignments, territories=rows.territories, by=by)


@action(permission="facts.load", event="facts.loaded")
def accept_version(
    *, manifest: Manifest, base: int | None, mode: str, summary: dict[str, object], mapping: Mapping, by: Actor
) -> FactVersion:
    """Make a written version the one everybody reads, bring people in line, remember the mapping.

    Raises:
        Conflict: another load became current since this one was prepared.
    """
    now = FactVersion.objects.select_for_update().filter(is_current=True).first()
    if (now.number if now else None) != base:
        raise Conflict(_("Another load was faster"), todo=_("Load again; nothing was changed."))
    version = FactVersion.objects.create(
        number=manifest.number,
        created_by_id=by.pk,
        mode=mode,
        summary=summary,
        content_hash=manifest.content_hash,
        previous=now,
    )
    _make_current(version, by=by)
    _remember(mapping)
    audit.detail(version=version.number, content_hash=version.content_hash, mode=mode)
    return version


def _remember(mapping: Mapping) -> None:
    plain = mapping.as_json()["sources"]
    for source, raw in zip(mapping.sources, plain, strict=True):
        if source.targets and source.fingerprint:
            SavedMapping.objects.update_or_create(
                fingerprint=source.fingerprint, defaults={"name": source.source, "mapping": raw}
            )


@action(permission="facts.load", event="facts.mapping_remembered")
def remember_mapping(*, mapping: Mapping, by: Actor) -> None:
    """Remember what the sources mean for the next load that brings the same headers."""
    _remember(mapping)


@action(permission="facts.undo", event="facts.undone")
def undo_load(*, by: Actor) -> FactVersion | None:
    """Go back to the load before the current one. The undone version stays on disk, to be looked back at.

    Returns the version that is current now; None where the first load was undone and nothing is loaded.

    Raises:
        Conflict: nothing is loaded, or the version before is no longer on disk.
    """
    with load_lock():
        now = FactVersion.objects.select_for_update().filter(is_current=True).first()
        if now is None:
            raise Conflict(_("Nothing is loaded, so there is nothing to undo"))
        before = now.previous
        if before is None:
            FactVersion.objects.filter(pk=now.pk).update(is_current=False)
            sync_people(rows=(), by=by)
            audit.detail(undone=now.number, current=None)
            return None
        if not version_folder(before.number).is_dir():
            raise Conflict(
                _("The load before is no longer on disk"), value=before, todo=_("Load the files again with --replace.")
            )
        _make_current(before, by=by)
        audit.detail(undone=now.number, current=before.number, content_hash=read_manifest(before.number).content_hash)
        return before


def highest_number() -> int:
    """The highest version number in the records."""
    return int(FactVersion.objects.aggregate(top=Max("number"))["top"] or 0)


def known_numbers() -> frozenset[int]:
    """The numbers of all versions in the records."""
    return frozenset(FactVersion.objects.values_list("number", flat=True))
