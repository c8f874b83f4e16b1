"""Drafting: a plan is kept, its goals, promises and words are changed, its kind is chosen, or it is put away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from headway.core import audit, clock, company
from headway.core.action import action
from headway.core.actors import Actor, Role
from headway.core.errors import BadInput, Conflict
from headway.diagnosis.practice.gate import gate_for
from headway.people.models import Person, User
from headway.plans import keeping, states
from headway.plans.achievability import with_target
from headway.plans.actions.steps import check_editable, check_seen, clean, take, touch
from headway.plans.content import load
from headway.plans.json_form import to_json
from headway.plans.kinds import retold
from headway.plans.models import Plan, PlanGoal, PlanPromise
from headway.plans.plan_draft import PlanDraft
from headway.plans.states import FLOWS, PlanKind, PlanState
from headway.plans.ways import other_ways


@dataclass(frozen=True)
class GoalChange:
    """What is new about a goal; None leaves it. target in the metric's unit, `by` is the last day that counts."""

    text: str | None = None
    target: float | None = None
    by: date | None = None


@dataclass(frozen=True)
class SupportChange:
    """What is new about a promise, or a new one. hours None = time is not the point."""

    text: str
    owner: str
    due: date
    when: str = ""
    hours: float | None = None


def _check_gate(person_id: str, kind: PlanKind, *, by: Actor) -> None:
    """A formal plan is opened only when nothing that comes first is missing."""
    if not FLOWS[kind].warning:
        return
    missing = gate_for(person_id, by=by).missing
    if missing:
        raise Conflict(
            _("A formal plan is not open yet"),
            value=f"{missing[0].label} {missing[0].sentence}",
            todo=_("Do that first, or ask HR for an exception."),
        )


@action(permission="plan.draft", event="plan.drafted", about="person_id")
def draft_plan(
    *, person_id: str, draft: PlanDraft, run_id: int | None, kind: PlanKind = PlanKind.SUCCESS, by: Actor
) -> Plan:
    """Keep a draft. Its evidence is frozen from now on.

    Raises:
        Conflict: there is already a draft for this person, or a formal plan is not open yet (see the gate).
        BadInput: the draft is for somebody else, or for nobody known.
    """
    _check_gate(person_id, kind, by=by)
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None or draft.rep.person_id != person_id:
        raise BadInput(_("This draft belongs to nobody here"), value=draft.rep.name)
    if Plan.objects.filter(person=person, state=PlanState.DRAFT).exists():
        raise Conflict(_("There is already a draft for %s") % person.name, todo=_("Open it, or discard it first."))
    evidence = to_json(draft.evidence)
    plan = Plan(
        person=person,
        manager_id=draft.manager.person_id if draft.manager else None,
        name=draft.name,
        kind=kind,
        start_on=draft.start,
        last_on=draft.last_day,
        run_id=run_id,
        body=keeping.body_of(draft),
        evidence=evidence,
        evidence_hash=keeping.hash_of(evidence),
        created_by=by if isinstance(by, User) else None,
        state_since=clock.now(),
    )
    plan.save()
    PlanGoal.objects.bulk_create([keeping.goal_row(plan, goal, position=n) for n, goal in enumerate(draft.goals, 1)])
    PlanPromise.objects.bulk_create(
        [keeping.promise_row(plan, promise, position=n) for n, promise in enumerate(draft.promises, 1)]
    )
    audit.detail(start=draft.start.isoformat(), days=draft.days, evidence=plan.evidence_hash)
    return plan


@action(permission="plan.edit", event="plan.goal_changed", locks="plan")
def change_goal(*, plan: Plan, goal_key: str, change: GoalChange, seen_version: int, by: Actor) -> PlanGoal:
    """Change a goal's words, target or date. Path and chance follow the target.

    Raises:
        Conflict: the plan can no longer be changed, or the goal was changed by somebody else meanwhile.
        BadInput: there is no such goal, or the text is empty or too long.
    """
    check_editable(plan)
    row = plan.goals.filter(key=goal_key).first()
    if row is None:
        raise BadInput(_("There is no such goal in this plan"), value=goal_key)
    goal_changed(plan, row, change, seen=seen_version, author=by.name)
    touch(plan)
    return row


@action(permission="plan.edit", event="plan.goal_changed", locks="plan")
def count_goal_by(*, plan: Plan, goal_key: str, metric_key: str, seen_version: int, by: Actor) -> PlanGoal:
    """Count a skill goal in another way (`ways.other_ways`): words, figure, target and path are drafted anew.

    Raises:
        Conflict: the plan can no longer be changed, or the goal was changed by somebody else meanwhile.
        BadInput: there is no such goal, or it cannot be counted so.
    """
    check_editable(plan)
    row = plan.goals.filter(key=goal_key).first()
    found = other_ways(plan, keeping.goal_of(row)) if row is not None else ()
    way = next((one for one in found if one.metric_key == metric_key), None)
    if row is None or way is None:
        raise BadInput(_("This goal cannot be counted so"), value=metric_key)
    check_seen(seen_version, row.version)
    before = {"text": row.text, "metric": row.metric_key, "target": row.target}
    made = keeping.goal_row(plan, way, position=row.position)
    for name in keeping.GOAL_FIELDS:
        setattr(row, name, getattr(made, name))
    row.version += 1
    row.save()
    audit.detail(goal=row.key, before=before, after={"text": row.text, "metric": row.metric_key, "target": row.target})
    touch(plan)
    return row


def goal_changed(plan: Plan, row: PlanGoal, change: GoalChange, *, seen: int, author: str) -> None:
    """Change the row of a goal as part of a running action; `author` is whose words they are."""
    check_seen(seen, row.version)
    before = {"text": row.text, "target": row.target, "by": row.by.isoformat()}
    if change.target is not None and change.target != row.target:
        row.detail = keeping.goal_row(plan, with_target(keeping.goal_of(row), change.target), position=0).detail
        row.target = change.target
    text = clean(change.text) if change.text is not None else row.text
    if not text:
        raise BadInput(_("A goal needs words"), todo=_("Say in one sentence what will be different."))
    if text != row.text:
        row.text, row.detail = text, {**row.detail, "source": f"person: {author}"}
    row.by = change.by or row.by
    row.version += 1
    row.save()
    after = {"text": row.text, "target": row.target, "by": row.by.isoformat()}
    audit.detail(goal=row.key, before=before, after=after)


@action(permission="plan.edit", event="plan.support_changed", locks="plan")
def change_support(
    *, plan: Plan, key: str | None, change: SupportChange, seen_version: int = 0, by: Actor
) -> PlanPromise:
    """Change a promise of the company, or add one (`key` None).

    Raises:
        Conflict: the plan can no longer be changed, or the promise was changed by somebody else meanwhile.
        BadInput: there is no such promise, or text or owner is missing.
    """
    check_editable(plan)
    if key is None:
        last = plan.promises.order_by("-position").first()
        row = PlanPromise(plan=plan, position=last.position + 1 if last else 1, kind="other", version=0)
        row.key, seen_version = _free_key(plan), 0
    else:
        found = plan.promises.filter(key=key).first()
        if found is None:
            raise BadInput(_("There is no such promise in this plan"), value=key)
        row = found
    support_changed(plan, row, change, seen=seen_version, author=by.name)
    touch(plan)
    return row


def support_changed(plan: Plan, row: PlanPromise, change: SupportChange, *, seen: int, author: str) -> None:
    """Change the row of a promise as part of a running action; `author` is whose words they are."""
    text, owner = clean(change.text), clean(change.owner)
    if not text or not owner:
        raise BadInput(_("A promise needs words and an owner"))
    check_seen(seen, row.version)
    before = {"text": row.text, "owner": row.owner, "due": row.due.isoformat() if row.due else None}
    row.text, row.owner, row.due = text, owner, change.due
    row.when, row.hours, row.source = clean(change.when), change.hours, f"person: {author}"
    row.version += 1
    row.save()
    audit.detail(promise=row.key, before=before, after={"text": text, "owner": owner, "due": row.due.isoformat()})


def _free_key(plan: Plan) -> str:
    taken = set(plan.promises.values_list("key", flat=True))
    return next(key for n in range(1, len(taken) + 2) if (key := f"p{n}") not in taken)


@action(permission="plan.edit", event="plan.support_removed", locks="plan")
def remove_support(*, plan: Plan, key: str, seen_version: int, by: Actor) -> Plan:
    """Take a promise out of a draft; its words stay in the record."""
    check_editable(plan)
    row = plan.promises.filter(key=key).first()
    if row is None:
        raise Conflict(_("This promise has been removed in the meantime"), todo=_("Load the page again."))
    check_seen(seen_version, row.version)
    audit.detail(promise=key, before={"text": row.text, "owner": row.owner, "due": row.due.isoformat()})
    row.delete()
    touch(plan)
    return plan


@action(permission="plan.edit", event="plan.text_changed", locks="plan")
def change_text(*, plan: Plan, section: str, text: str, seen: str, by: Actor) -> Plan:
    """Rewrite a section of words. `seen` is `keeping.stamp` of the text that the page showed.

    Raises:
        Conflict: the plan can no longer be changed, or the section was changed by somebody else meanwhile.
        BadInput: no such section, or the text is too long.
    """
    check_editable(plan)
    if section not in keeping.SECTIONS:
        raise BadInput(_("This section cannot be rewritten"), value=section)
    now = keeping.draft_of(plan)
    before = keeping.section_text(now, section)
    if seen != keeping.stamp(before):
        check_seen(0, 1)
    words = keeping.section_from(clean(text), section=section, before=now, author=by.name)
    plan.body = {**plan.body, section: words}
    plan.version += 1
    plan.save(update_fields=["body", "version", "changed_at"])
    audit.detail(section=section, before=before, after=clean(text))
    return plan


@action(permission="plan.edit", event="plan.kind_chosen", locks="plan")
def choose_kind(*, plan: Plan, kind: PlanKind, by: Actor) -> Plan:
    """Say what the plan is: a growth plan, a success plan, or a formal one. Only while nobody else has seen it.

    Raises:
        Conflict: it is no draft any more, or a formal plan is not open yet (see the gate).
    """
    if plan.state != PlanState.DRAFT:
        raise Conflict(_("The kind can only be chosen while the plan is a draft"))
    _check_gate(plan.person_id, kind, by=by)
    draft = keeping.draft_of(plan)
    with translation.override(draft.language):
        told = retold(
            draft,
            before=load(draft.language, kind=PlanKind(plan.kind)),
            after=load(draft.language, kind=kind),
            usual_name=company.current().plan_name,
        )
    before, plan.kind = plan.kind, kind
    plan.name, plan.body = told.name, keeping.body_of(told)
    plan.version += 1
    plan.save(update_fields=["kind", "name", "body", "version", "changed_at"])
    audit.detail(before=str(before), after=str(kind))
    return plan


@action(permission="plan.edit", event="plan.discarded", locks="plan")
def discard_plan(*, plan: Plan, by: Actor) -> Plan:
    """Put a draft away. It stays in the record and cannot be opened again."""
    if not states.leads_on("discard", PlanState(plan.state)):
        raise Conflict(_("Only a draft can be discarded; this plan is %s") % plan.get_state_display())
    return take(plan, "discard")


@action(permission="plan.view", event="plan.seen", locks="plan")
def note_seen(*, plan: Plan, page: str, by: Actor) -> Plan:
    """Write down that somebody read a plan; `page` is "plan", "letter" or the format of a file."""
    if by.role == Role.REP and plan.read_at is None and plan.shared_at is not None:
        plan.read_at = clock.now()
        plan.save(update_fields=["read_at", "changed_at"])
    audit.detail(plan=plan.pk, page=page)
    return plan
