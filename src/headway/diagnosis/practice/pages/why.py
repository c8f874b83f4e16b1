"""From the gap in the figures to the behaviour behind it to the coaching: each link on record, said by both sides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from headway.core.actors import Actor
from headway.core.errors import BadInput, Conflict
from headway.core.permissions import can
from headway.diagnosis.diagnosis import Diagnosis, GapPart
from headway.diagnosis.practice import actions
from headway.diagnosis.practice.competencies import behind, competency_name
from headway.diagnosis.practice.factors import largest_gap
from headway.diagnosis.practice.forms import AxisForm, LinkForm, ValidationForm
from headway.diagnosis.practice.models import PracticeLink, Rater
from headway.diagnosis.practice.pages.common import Reading, reading
from headway.diagnosis.practice.queries import (
    decision_of,
    link_for,
    links_of,
    observations_of,
    ratings_of,
    sessions_of,
    suggestion_for,
)
from headway.diagnosis.sentences import money, unit_of
from headway.people.models import User
from headway.web.text import day, in_hundred

SIDES = (Rater.MANAGER, Rater.SELF)


def why(request: HttpRequest, person_id: str) -> HttpResponse:
    """The gap, skill or effort, and the chains of a person."""
    who = reading(request, person_id, page="why")
    do = request.POST.get("do", "")
    axis = AxisForm(request.POST if do == "axis" else None)
    chain = _chain_form(who, request.POST if do == "chain" else None)
    kept: HttpResponse | None = None
    if do == "axis" and axis.is_valid():
        kept = _kept(request, who, form=axis, words=_("Your decision is kept, with your reason."))
    if do == "chain" and chain.is_valid():
        done = _("The chain is on record. Both sides are asked whether it is right.")
        kept = _kept(request, who, form=chain, words=done)
    if kept is not None:
        return kept
    return _page(request, who, axis=axis, chain=chain)


def _kept(request: HttpRequest, who: Reading, *, form: AxisForm | LinkForm, words: str) -> HttpResponse | None:
    """Keep what a form says; None where that was refused, and the form says why."""
    try:
        if isinstance(form, AxisForm):
            actions.decide_axis(person_id=who.person.pk, **form.cleaned_data, by=who.user)
        else:
            part, sentence = gap_of(who.user, who.person.pk)
            actions.make_link(
                person_id=who.person.pk, gap_key=part.key if part else "general", gap_sentence=sentence,
                given=form.given(), by=who.user,
            )  # fmt: skip
    except (BadInput, Conflict) as error:
        form.add_error(None, error.sentence)
        return None
    messages.success(request, words)
    return redirect("why", who.person.pk)


@dataclass(frozen=True)
class Refused:
    """What somebody typed about a chain that could not be kept, so that it comes back; `do`: change, validate, end."""

    link_id: int
    do: str
    words: dict[str, str]
    sentence: str


def _page(
    request: HttpRequest, who: Reading, *, axis: AxisForm, chain: LinkForm, refused: Refused | None = None
) -> HttpResponse:
    suggested = suggestion_for(who.user, who.person.pk)
    found = suggested.diagnosis if suggested else None
    part, sentence = gap_of(who.user, who.person.pk, found=found)
    links = list(links_of(who.user, who.person.pk))
    context = {
        **who.context("why"),
        "title": _title(links, part),
        "gap": sentence,
        "part": part,
        "skills": behind(part.key)[:3] if part else (),
        "evidence": evidence_of_axes(who.user, who.person.pk, found=found, part=part),
        "chances": _chances(found),
        "decision": decision_of(who.user, who.person.pk),
        "axis": axis,
        "chain": chain,
        "links": [_link(row, own=who.own, refused=refused) for row in links],
        "may_validate": bool(can(who.user, "link.validate", who.person.pk)),
        "validation": ValidationForm(),
    }
    wrong = axis.errors or chain.errors or refused
    return render(request, "diagnosis/why.html", context, status=400 if wrong else 200)


def _title(links: list[PracticeLink], part: GapPart | None) -> str:
    running = [link for link in links if link.ended_on is None]
    if running:
        return ngettext("%s chain from gap to coaching", "%s chains from gap to coaching", len(running)) % len(running)
    if part is None:
        return _("No gap that anybody could coach")
    return _("The gap lies %s; what is behind it is open") % part.name


def gap_of(actor: Actor, person_id: str, *, found: Diagnosis | None = None) -> tuple[GapPart | None, str]:
    """The largest gap in the person's hands and its sentence, as the newest analysis has them."""
    if found is None:
        suggested = suggestion_for(actor, person_id)
        found = suggested.diagnosis if suggested else None
    part = largest_gap(found) if found else None
    if found is None or part is None:
        return None, _("The figures show no gap that is in the person’s hands.")
    unit = unit_of(part.amount)
    words = {
        "amount": money(part.amount, found.currency, unit=unit), "low": money(part.low, found.currency, unit=unit),
        "high": money(part.high, found.currency, unit=unit), "step": part.name, "start": day(found.start),
        "end": day(found.as_of),
    }  # fmt: skip
    text = _("%(start)s to %(end)s: %(amount)s lost %(step)s (likely %(low)s to %(high)s).")
    return part, text % words if part.clear else _("%s It may still be chance.") % (text % words)


def _chances(found: Diagnosis | None) -> list[tuple[str, float, str]]:
    if found is None:
        return []
    rest = 1.0 - round(found.skill, 2) - round(found.effort, 2)
    return [
        (_("Skill"), found.skill, "signal" if found.skill >= 0.5 else "unknown"),
        (_("Effort"), found.effort, "signal" if found.effort >= 0.5 else "unknown"),
        (_("Cannot tell"), rest, "unknown"),
    ]


def evidence_of_axes(
    actor: Actor, person_id: str, *, found: Diagnosis | None, part: GapPart | None
) -> list[tuple[str, list[str]]]:
    """What speaks for skill and what for effort, from the data and from people; a suggestion, never a verdict."""
    skill: list[str] = []
    effort: list[str] = []
    if found is not None:
        text = _("From the data: %s in 100 that the larger loss lies in conversion or deal size.")
        skill.append(text % in_hundred(found.skill))
        effort.append(_("From the data: %s in 100 that it lies in leads found alone.") % in_hundred(found.effort))
    keys = {c.key for c in behind(part.key)[:3]} if part else set()
    newest = {(row.competency, row.rater): row for row in ratings_of(actor, person_id)}
    for (key, rater), row in newest.items():
        if key in keys and row.level <= 2:
            side = _("manager") if rater == Rater.MANAGER else _("self")
            skill.append(_("%(skill)s rated %(level)s of 5 (%(side)s, %(day)s).") % {
                "skill": competency_name(key), "level": row.level, "side": side, "day": day(row.rated_on)})  # fmt: skip
    seen = list(observations_of(actor, person_id).filter(competency__in=keys)) if keys else []
    if seen:
        words = ngettext("%s observation about these skills.", "%s observations about these skills.", len(seen))
        skill.append(words % len(seen))
    return [(_("Speaks for skill"), skill), (_("Speaks for effort"), effort)]


def _chain_form(who: Reading, data: Any) -> LinkForm:
    seen = [
        (row.pk, f"{day(row.seen_on, short=True)}: {row.text[:80]}")
        for row in observations_of(who.user, who.person.pk)[:12]
    ]
    held = [
        (row.pk, f"{day(row.held_on, short=True)}: {(row.notes or row.improvements or row.agreed or row.wins)[:80]}")
        for row in sessions_of(who.user, who.person.pk)[:12]
    ]
    return LinkForm(data, observations=seen, sessions=held)


def _link(row: PracticeLink, *, own: bool, refused: Refused | None = None) -> dict[str, Any]:
    said = {
        validation.side: validation for validation in row.validations.all() if validation.link_version == row.version
    }
    me = Rater.SELF if own else Rater.MANAGER
    here = refused if refused is not None and refused.link_id == row.pk else None
    typed = here.words if here else {"behaviour": row.behaviour, "coaching": row.coaching}
    return {
        "row": row,
        "skill": competency_name(row.competency) if row.competency else "",
        "said": [(side, said.get(side)) for side in SIDES],
        "mine": said.get(me),
        "both": all(side in said and said[side].agrees for side in SIDES),
        "rests_on": [*row.observations.all(), *row.sessions.all()],
        "refused": here,
        "typed": {
            "behaviour": typed.get("behaviour") or row.behaviour,
            "coaching": typed.get("coaching") or row.coaching,
            "words": typed.get("words", ""),
            "because": typed.get("because", ""),
        },
    }


def _written(
    request: HttpRequest, link_id: int, do: str, write: Callable[[PracticeLink], object], done: str
) -> HttpResponse:
    """Take one word on a chain; where it cannot be taken the page comes back with the reason and what was typed."""
    link = link_for(request.user, link_id)  # type: ignore[arg-type]
    try:
        write(link)
    except (BadInput, Conflict) as error:
        who = reading(request, link.person_id, page="why")
        typed = {name: request.POST.get(name, "") for name in ("words", "because", "behaviour", "coaching")}
        refused = Refused(link_id, do, typed, error.sentence)
        return _page(request, who, axis=AxisForm(None), chain=_chain_form(who, None), refused=refused)
    messages.success(request, done)
    return redirect("why", link.person_id)


def _seen(request: HttpRequest) -> int:
    version = request.POST.get("version", "")
    return int(version) if version.isdecimal() else 0


@require_POST
def validate(request: HttpRequest, link_id: int) -> HttpResponse:
    """One side's word on a chain."""
    agrees, words, by = request.POST.get("agrees") == "yes", request.POST.get("words", ""), cast(User, request.user)

    def write(link: PracticeLink) -> object:
        return actions.validate_link(link=link, agrees=agrees, words=words, seen_version=_seen(request), by=by)

    return _written(request, link_id, "validate", write, _("Your word stands beside the chain."))


@require_POST
def change(request: HttpRequest, link_id: int) -> HttpResponse:
    """Say a chain better; both sides are asked again."""
    behaviour, coaching = request.POST.get("behaviour", ""), request.POST.get("coaching", "")
    by = cast(User, request.user)

    def write(link: PracticeLink) -> object:
        return actions.change_link(
            link=link, behaviour=behaviour, coaching=coaching, seen_version=_seen(request), by=by
        )

    done = _("The chain is said anew. Both sides are asked whether it is right now.")
    return _written(request, link_id, "change", write, done)


@require_POST
def end(request: HttpRequest, link_id: int) -> HttpResponse:
    """End a chain with a reason."""
    because, by = request.POST.get("because", ""), cast(User, request.user)

    def write(link: PracticeLink) -> object:
        return actions.end_link(link=link, because=because, by=by)

    return _written(request, link_id, "end", write, _("The chain is ended; it stays on record with your reason."))
