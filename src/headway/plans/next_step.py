"""Who does what next with a plan: one sentence for its reader, one step that leads on, and what else is open."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from headway.core import clock
from headway.core.actors import Actor
from headway.core.permissions import can
from headway.plans import checklist
from headway.plans.models import Plan, ProposalState, SignatureKind
from headway.plans.standing import may_take
from headway.plans.states import ANSWERED, FLOWS, RUNNING, PlanKind, PlanState
from headway.plans.wording import day

S = PlanState


@dataclass(frozen=True)
class Act:
    """A button: a link, or a form that posts. `why`: it cannot be pressed yet, and for which reason."""

    label: str
    address: str = ""
    post: bool = False
    why: str = ""


@dataclass(frozen=True)
class NextStep:
    """What the page says on top: the finding, a sentence, the primary button, and others."""

    title: str
    sentence: str = ""
    primary: Act | None = None
    others: tuple[Act, ...] = ()
    tone: str = "support"


@dataclass(frozen=True)
class _Reader:
    """The plan with the sides its reader is on."""

    plan: Plan
    by: Actor
    person: bool
    manager: bool
    hr: bool
    witness: bool

    @property
    def name(self) -> str:
        return self.plan.person.first_name

    @property
    def lead(self) -> str:
        return self.plan.manager.first_name if self.plan.manager else _("the manager")

    def act(self, label: str, page: str, *, post: bool = False, why: str = "") -> Act:
        return Act(label, reverse(page, args=[self.plan.pk]), post, why)

    def may(self, step: str) -> bool:
        """Whether the reader could take a step of the table from here."""
        return may_take(self.plan, step, by=self.by)


def next_of(plan: Plan, *, by: Actor) -> NextStep:
    """What comes next, for a reader who may see the plan."""
    reader = _Reader(
        plan,
        by,
        person=bool(can(by, "plan.sign", plan)),
        manager=bool(can(by, "plan.share", plan)),
        hr=bool(can(by, "plan.review", plan)),
        witness=bool(can(by, "plan.witness", plan)),
    )
    return _STEPS[S(plan.state)](reader)


def _draft(r: _Reader) -> NextStep:
    todo = checklist.first_to_mend(r.plan) if r.manager else ""
    share = r.act(_("Share with %s") % r.name, "plan-share", post=True, why=todo)
    return NextStep(
        _("Only you see this draft"),
        _("%s reads it once it is shared, may answer every line, and nothing is decided by it.") % r.name,
        primary=share if r.manager else None,
    )


def _waiting(plan: Plan) -> int:
    return plan.proposals.filter(state=ProposalState.OPEN).count()


def _shared(r: _Reader) -> NextStep:
    if r.person:
        return NextStep(
            _("%s shares this plan with you") % r.lead,
            _("Read it, say what you think, and propose another target where one does not fit. Nothing is decided."),
            primary=Act(_("Say something"), "#say"),
        )
    again = r.act(_("Share again"), "plan-share", post=True)
    if _waiting(r.plan):
        return NextStep(
            _("%s proposes a change") % r.name,
            _("Accept it or say why not; the words stay on record."),
            primary=Act(_("Answer the proposal"), "#talk") if r.manager else None,
        )
    if not FLOWS[PlanKind(r.plan.kind)].hr:
        return NextStep(
            _("%s has read it") % r.name if r.plan.read_at else _("%s has not opened it yet") % r.name,
            _("When both of you find it right, hand it over in a first meeting."),
            primary=r.act(_("Prepare the first meeting"), "plan-meeting") if r.manager else None,
            others=(again,) if r.manager else (),
        )
    return _to_hr(r, again)


def _to_hr(r: _Reader, again: Act) -> NextStep:
    if not r.manager:
        return NextStep(_("%(manager)s and %(name)s write it together") % {"manager": r.lead, "name": r.name})
    missing = checklist.missing(r.plan, by=r.by)
    return NextStep(
        _("%s has read it") % r.name if r.plan.read_at else _("%s has not opened it yet") % r.name,
        _("HR compares it with like cases before the first meeting."),
        primary=r.act(_("Send to HR"), "plan-submit", post=True, why=missing[0] if missing else ""),
        others=(again,),
    )


def _hr_review(r: _Reader) -> NextStep:
    since = day(r.plan.state_since.date()) if r.plan.state_since else ""
    if r.hr:
        return NextStep(
            _("This plan waits for your decision"),
            _("Sent on %s.") % since,
            primary=r.act(_("Review the plan"), "plan-review"),
        )
    return NextStep(
        _("HR has it since %s") % since,
        _("Nobody changes a word while it is read. You see the decision here, with its reasons."),
    )


def _returned(r: _Reader) -> NextStep:
    last = r.plan.reviews.last()
    words = _("%(by)s: “%(why)s”") % {"by": last.by_name, "why": last.reasons} if last else ""
    if r.person:
        return NextStep(_("HR has sent it back to %s") % r.lead, words)
    if not r.manager:
        return NextStep(_("Sent back to %s") % r.lead, words)
    missing = checklist.missing(r.plan, by=r.by)
    return NextStep(
        _("HR has sent it back"),
        words,
        primary=r.act(_("Send to HR again"), "plan-submit", post=True, why=missing[0] if missing else ""),
        others=(r.act(_("Share again"), "plan-share", post=True),),
    )


def _approved(r: _Reader) -> NextStep:
    if not r.manager:
        return NextStep(_("HR has approved it"), _("%s hands it over in a first meeting.") % r.lead)
    return NextStep(
        _("HR has approved it"),
        _("Now comes the first meeting: strengths first. A guide for it is ready."),
        primary=r.act(_("Prepare the first meeting"), "plan-meeting"),
    )


def _presented(r: _Reader) -> NextStep:
    until = day(r.plan.answer_by) if r.plan.answer_by else ""
    if r.person:
        late = r.plan.answer_by is not None and clock.today() > r.plan.answer_by
        if late:
            return NextStep(_("The last day to sign was %s") % until, _("Ask %s for a new day.") % r.lead)
        return NextStep(
            _("Please sign for this plan by %s") % until,
            _("Your signature says that you received and read it. It does not say that you agree."),
            primary=r.act(_("Read and sign"), "plan-sign"),
        )
    others = (
        r.act(_("Give more time"), "plan-answer-day"),
        r.act(_("Record that %s does not sign") % r.name, "plan-refuse"),
    )
    return NextStep(
        _("%(name)s has until %(day)s to sign") % {"name": r.name, "day": until},
        _("A signature means received, not agreed; %s may add a statement.") % r.name,
        others=others if r.manager else (),
    )


def _signed(r: _Reader) -> NextStep:
    begins = day(r.plan.start_on)
    refused = r.plan.state == S.REFUSED
    witnessed = not refused or r.plan.versions.filter(signatures__kind=SignatureKind.WITNESSED).exists()
    if refused and not witnessed:
        return NextStep(
            _("Receipt was refused; it needs a witness"),
            _("Somebody who did not record the refusal confirms that the plan was handed over; then it starts on %s.")
            % begins,
            primary=r.act(_("Confirm as a witness"), "plan-witness") if r.witness else None,
        )
    received = _("You have received it") if r.person else _("%s has received it") % r.name
    if refused:
        received = _("Refused before a witness")
    if clock.today() < r.plan.start_on:
        return NextStep(received, _("It starts by itself on %s; nobody has to do anything.") % begins, tone="good")
    start = r.act(_("Start the plan now"), "plan-start", post=True)
    return NextStep(
        received,
        _("Its first day was %s: it starts by itself within a day.") % begins,
        primary=start if r.manager else None,
        tone="good",
    )


def _active(r: _Reader) -> NextStep:
    others = [
        r.act(label, page)
        for step, label, page in (
            ("amend", _("Propose a change"), "plan-amend"),
            ("pause", _("Pause for leave"), "plan-pause"),
        )
        if r.may(step)
    ]
    return NextStep(
        _("It runs until %s") % day(r.plan.last_on),
        _("What was signed does not change; a change needs %s’s consent.") % r.name,
        others=tuple(others),
        tone="good",
    )


def _amended(r: _Reader) -> NextStep:
    if r.person:
        return NextStep(
            _("%s proposes a change of the running plan") % r.lead,
            _("Until you sign for it, what was signed holds."),
            primary=r.act(_("Read the change"), "plan-amendment"),
        )
    read = r.act(_("Read the change"), "plan-amendment")
    return NextStep(
        _("A change waits for %s’s consent") % r.name, _("Until then what was signed holds."), others=(read,)
    )


def _paused(r: _Reader) -> NextStep:
    pause = r.plan.pauses.last()
    back = pause.expected_back_on if pause else None
    sentence = _("The clock stands still; later days move by the days that are missed.")
    if back:
        sentence = f"{sentence} {_('Back on %s, as planned.') % day(back)}"
    go_on = r.act(_("Let it go on"), "plan-resume") if r.may("resume") else None
    since = day(pause.from_on) if pause else ""
    return NextStep(_("Paused since %s") % since, sentence, primary=go_on)


def _closed(r: _Reader) -> NextStep:
    on = day(r.plan.state_since.date()) if r.plan.state_since else ""
    return NextStep(_("Closed on %s") % on, "", tone="")


def _appealed(r: _Reader) -> NextStep:
    return NextStep(_("An appeal waits for its answer"), _("Somebody answers who did not decide."))


def _withdrawn(r: _Reader) -> NextStep:
    on = day(r.plan.state_since.date()) if r.plan.state_since else ""
    return NextStep(_("Withdrawn on %s") % on, _("Nobody needs to do anything; it stays in the record."), tone="")


def _discarded(r: _Reader) -> NextStep:
    return NextStep(_("This draft was put away"), _("Nobody else has seen it."), tone="")


_STEPS = {
    S.DRAFT: _draft,
    S.SHARED: _shared,
    S.HR_REVIEW: _hr_review,
    S.RETURNED: _returned,
    S.APPROVED: _approved,
    S.PRESENTED: _presented,
    **dict.fromkeys(ANSWERED, _signed),
    **dict.fromkeys(RUNNING, _active),
    S.AMENDED: _amended,
    S.PAUSED: _paused,
    S.CLOSED: _closed,
    S.APPEALED: _appealed,
    S.WITHDRAWN: _withdrawn,
    S.DISCARDED: _discarded,
}
