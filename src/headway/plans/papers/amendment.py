"""A change of a signed plan as a letter: what it was, what it would be, why, and whether the person agreed."""

from __future__ import annotations

from headway.documents.letter import Block, Column, Heading, Letter, Quote, Rows, Signature, Signatures, Words
from headway.plans.letter import frame, hours_text
from headway.plans.letter_words import in_language, kind_said, named, said
from headway.plans.models import Amendment, AmendmentState, SignatureKind, VersionKind
from headway.plans.papers.seal import moment, seal_of
from headway.plans.plan_draft import Goal, PlanDraft, Promise
from headway.plans.signing import draft_in
from headway.plans.wording import day, figure_text


def amendment_letter(amendment: Amendment) -> Letter:
    """The letter about a change."""
    version = amendment.version
    after = draft_in(version)
    kept = version.plan.versions.filter(
        number__lt=version.number, kind__in=(VersionKind.SIGNED, VersionKind.MOVED)
    ).last()
    before = draft_in(kept) if kept else after
    with in_language(after.language):
        blocks = tuple(_blocks(amendment, before, after))
        title, dated = said("change", **named(after.name)), amendment.proposed_at.date()
        return frame(after, title=title, blocks=blocks, seal=seal_of(version), dated=dated)


def _blocks(amendment: Amendment, before: PlanDraft, after: PlanDraft) -> list[Block]:
    columns = (Column(said("what"), 1.2), Column(said("until_now"), 2.2), Column(said("from_now_on"), 2.2))
    return [
        Words(said("change_about")),
        Rows(columns, tuple(differences(before, after)), label=said("changes_label")),
        Heading(said("why")),
        Quote(amendment.reason, amendment.by_name),
        *_answer(amendment),
    ]


def differences(before: PlanDraft, after: PlanDraft) -> list[tuple[str, str, str]]:
    """What differs, line by line: what, until now, from now on."""
    found = []
    if before.last_day != after.last_day:
        found.append((said("last_day"), day(before.last_day, year=True), day(after.last_day, year=True)))
    goals = {goal.key: goal for goal in before.goals}
    for goal in after.goals:
        found += _goal(goals.get(goal.key), goal, after.currency)
    promises = {promise.key: promise for promise in before.promises}
    for promise in after.promises:
        old = promises.pop(promise.key, None)
        if old is None or (old.text, old.owner, old.due, old.hours) != (
            promise.text, promise.owner, promise.due, promise.hours,
        ):  # fmt: skip
            found.append((said("promise"), _promise(old) if old else "–", _promise(promise)))
    found += [(said("promise"), _promise(gone), "–") for gone in promises.values()]
    return found


def _goal(before: Goal | None, after: Goal, currency: str) -> list[tuple[str, str, str]]:
    name, found = kind_said(after.kind), []
    if before is None:
        return [(name, "–", after.text)]
    if before.text != after.text:
        found.append((name, before.text, after.text))
    if before.target != after.target:
        old, new = (figure_text(goal.target, goal.unit, currency) for goal in (before, after))
        found.append((said("kind_target", kind=name), old, new))
    if before.by != after.by:
        found.append((said("kind_last_day", kind=name), day(before.by, year=True), day(after.by, year=True)))
    return found


def _promise(promise: Promise) -> str:
    hours = [said("hours_of", hours=hours_text(promise.hours))] if promise.hours is not None else []
    return f"{promise.text} ({', '.join([promise.owner, day(promise.due), *hours])})"


def _answer(amendment: Amendment) -> list[Block]:
    """The person's consent, the person's no, or a line to sign on."""
    person = amendment.plan.person.name
    if amendment.state == AmendmentState.DECLINED:
        return [Heading(said("answer")), Words(said("does_not_agree", name=person)),
                Quote(amendment.answer, person)]  # fmt: skip
    if amendment.state == AmendmentState.TAKEN_BACK:
        return [Words(said("taken_back"), tone="note")]
    proposed = Signature(amendment.by_name, said("proposes"), moment(amendment.proposed_at))
    consent = (
        amendment.plan.versions.filter(kind=VersionKind.SIGNED, number__gt=amendment.version.number)
        .filter(signatures__kind=SignatureKind.CONSENTED)
        .first()
    )
    if amendment.state == AmendmentState.ACCEPTED and consent is not None:
        row = consent.signatures.filter(kind=SignatureKind.CONSENTED).first()
        assert row is not None
        signed = said("signed_on", moment=moment(row.signed_at))
        return [Signatures((Signature(row.name, row.intent, signed), proposed))]
    return [Signatures((Signature(person, said("agrees")), proposed))]
