"""What all steps share: whether one leads on, the state it leaves, the version it keeps."""

from __future__ import annotations

from django.utils.translation import gettext as _

from headway.core import audit, clock
from headway.core.actors import Actor
from headway.core.errors import BadInput, Conflict
from headway.people.models import User
from headway.plans import keeping, states
from headway.plans.models import Plan, PlanVersion, VersionKind
from headway.plans.plan_draft import PlanDraft
from headway.plans.states import PlanKind, PlanState

LONGEST_TEXT = 300_000


def clean(text: str) -> str:
    """Words as people typed them, without what no database keeps.

    Raises:
        BadInput: longer than LONGEST_TEXT.
    """
    # A null byte is no character of any language.
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST_TEXT:
        raise BadInput(
            _("This text is too long"),
            value=_("%s characters") % len(text),
            todo=_("Shorten it to %s characters.") % LONGEST_TEXT,
        )
    return text


def required(text: str, *, missing: str, todo: str | None = None) -> str:
    """The words, or one sentence saying that there are none."""
    words = clean(text)
    if not words:
        raise BadInput(missing, todo=todo)
    return words


def check_editable(plan: Plan) -> None:
    if PlanState(plan.state) not in states.EDITABLE:
        raise Conflict(_("This plan is %s and can no longer be changed") % plan.get_state_display())


def check_seen(seen: int, now: int) -> None:
    if seen != now:
        raise Conflict(
            _("Somebody else has changed this since you opened it"),
            todo=_("Compare their words with yours below, then save again."),
        )


def touch(plan: Plan) -> None:
    plan.version += 1
    plan.save(update_fields=["version", "changed_at"])


def check_step(plan: Plan, step: str) -> None:
    """Raise unless the step leads on from where the plan is."""
    if not states.leads_on(step, PlanState(plan.state), PlanKind(plan.kind)):
        raise Conflict(
            _("This plan is %s now, so this step is not open") % plan.get_state_display(),
            todo=_("Load the page again to see what has happened."),
        )


def take(plan: Plan, step: str, *fields: str) -> Plan:
    """Take a step of the table and keep the plan, with further changed fields.

    Raises:
        Conflict: the step does not lead on from where the plan is.
    """
    check_step(plan, step)
    after = states.after(step, PlanState(plan.state), PlanKind(plan.kind))
    assert after is not None
    if after != plan.state:
        plan.state_since = clock.now()
    plan.state = after
    plan.version += 1
    plan.save(update_fields=["state", "state_since", "version", "changed_at", *fields])
    audit.detail(state=str(after))
    return plan


def keep_version(
    plan: Plan, kind: VersionKind, *, reason: str, by: Actor, content: PlanDraft | None = None
) -> PlanVersion:
    """Keep the plan as it stands (or `content`) as an immutable version; its hash goes on record."""
    plan = Plan.objects.prefetch_related("goals", "promises").get(pk=plan.pk)
    text = keeping.text_of(content or keeping.draft_of(plan))
    last = plan.versions.order_by("-number").first()
    version = PlanVersion(
        plan=plan,
        number=last.number + 1 if last else 1,
        kind=kind,
        content_text=text,
        content_hash=keeping.hash_of_text(text),
        reason=reason,
        made_by=by if isinstance(by, User) else None,
        made_by_name=by.name,
        made_at=clock.now(),
    )
    version.save()
    audit.detail(version=version.number, kind=str(kind), content=version.content_hash)
    return version


def rewrite(plan: Plan, draft: PlanDraft) -> None:
    """Make rows and words equal to a draft; the evidence stays as it was frozen."""
    plan.body, plan.start_on, plan.last_on = keeping.body_of(draft), draft.start, draft.last_day
    plan.save(update_fields=["body", "start_on", "last_on", "changed_at"])
    goals = {row.key: row for row in plan.goals.all()}
    for position, goal in enumerate(draft.goals, 1):
        old, new = goals.get(goal.key), keeping.goal_row(plan, goal, position=position)
        if old is None or keeping.goal_of(old) != goal:
            new.pk, new.version = (old.pk, old.version + 1) if old else (None, 1)
            new.save()
    promises = {row.key: row for row in plan.promises.all()}
    for position, promise in enumerate(draft.promises, 1):
        was, now = promises.get(promise.key), keeping.promise_row(plan, promise, position=position)
        if was is None or keeping.promise_of(was) != promise:
            now.pk, now.version = (was.pk, was.version + 1) if was else (None, 1)
            now.save()
    plan.promises.exclude(key__in=[promise.key for promise in draft.promises]).delete()
