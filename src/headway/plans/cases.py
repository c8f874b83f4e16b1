"""Like cases beside a plan under review: what was asked and promised there, from frozen versions, without names.

Like is a case of the same segment, with the largest gap at the same step and an estimate close by. Where there are too
few, the nearest ones stand beside the plan, and each says how it differs; nothing is measured by them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.charts.interval import Interval
from headway.charts.marks import Kind
from headway.core import clock
from headway.plans.achievability import reckon
from headway.plans.evidence import Evidence, Gap
from headway.plans.freezing import stage_name
from headway.plans.letter import hours_text
from headway.plans.models import Plan, PlanVersion, VersionKind
from headway.plans.plan_draft import Goal, GoalKind, PlanDraft
from headway.plans.rules import WORTH_WORK, largest_controllable, outside_hands
from headway.plans.signing import draft_in
from headway.plans.states import WITH_HR, PlanState
from headway.plans.wording import chance, money_about

LOOK_BACK = timedelta(days=548)  # eighteen months
SHOWN = 3
# Estimates (1.0 = like comparable colleagues) that lie no further apart count as a similar gap.
CLOSE = 0.15


@dataclass(frozen=True)
class Cell:
    """One answer of a case: the words, and what is said small beneath."""

    text: str
    note: str = ""


@dataclass(frozen=True)
class Case:
    """A plan as a column. days, hours and chance are what consistency is judged by; None where the plan has none.
    differs: in which ways it is no like case; empty for a like one."""

    label: str
    note: str
    picture: Interval | None
    cells: tuple[Cell, ...]
    here: bool
    days: int
    hours: float
    chance: float | None
    differs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparing:
    """The plan beside like cases and the nearest ones, row by row, and what stands out among like ones."""

    cases: tuple[Case, ...]
    rows: tuple[tuple[str, str], ...]
    stands_out: tuple[str, ...]

    @property
    def table(self) -> list[tuple[tuple[str, str], list[tuple[bool, Cell]]]]:
        """Each row's heading with the cells of all cases."""
        return [(row, [(case.here, case.cells[n]) for case in self.cases]) for n, row in enumerate(self.rows)]

    @property
    def alone(self) -> bool:
        """There is nothing to put beside it yet."""
        return len(self.cases) == 1

    @property
    def alike(self) -> int:
        """How many of the cases beside it are truly like it."""
        return sum(not case.differs for case in self.cases if not case.here)


def compared_ids(plan: Plan) -> list[int]:
    """The cases that stand beside the plan on HR's page."""
    return [other.pk for other in nearest(plan)]


def nearest(plan: Plan) -> list[Plan]:
    """Up to three plans of other people that HR approved in the last eighteen months, the most alike first."""
    since = clock.now() - LOOK_BACK
    rows = (
        Plan.objects.filter(reviews__decision="approved", reviews__decided_at__gte=since, kind__in=WITH_HR)
        .exclude(Q(person_id=plan.person_id) | Q(pk=plan.pk))
        .exclude(state=PlanState.WITHDRAWN)
        .select_related("person", "manager")
        .distinct()
    )
    mine = _alike(plan)
    return sorted(rows, key=lambda other: (_distance(mine, _alike(other)), -other.pk))[:SHOWN]


@dataclass(frozen=True)
class _Alike:
    """What makes cases like or unlike."""

    segment: str
    gap: str
    estimate: float | None


def _alike(plan: Plan) -> _Alike:
    gap = plan.evidence.get("gap") or {}
    worth = WORTH_WORK * abs(float(gap.get("expected", 0.0)))
    lines = [line for line in gap.get("lines", ()) if line["controllable"] and float(line["amount"]) < -worth]
    clear = [line for line in lines if line.get("clear")]
    largest = min(clear or lines, key=lambda line: float(line["amount"]), default=None)
    compared = plan.evidence.get("comparison") or {}
    return _Alike(plan.person.segment, largest["key"] if largest else "", compared.get("estimate"))


def _distance(mine: _Alike, other: _Alike) -> float:
    """Smaller is more alike: first the segment, then the step where the gap lies, then its size."""
    size = abs(mine.estimate - other.estimate) if mine.estimate and other.estimate else 0.5
    return 2.0 * (mine.segment != other.segment) + 1.0 * (mine.gap != other.gap) + min(size, 0.9)


def _differs(mine: _Alike, other: _Alike) -> tuple[str, ...]:
    """In which ways another case is no like case, in words; empty where it is one."""
    found = []
    if mine.segment != other.segment:
        found.append(_("segment %s") % other.segment if other.segment else _("no segment"))
    if mine.gap != other.gap:
        found.append(_("largest gap: %s") % _small(stage_name(other.gap)) if other.gap else _("no gap in their hands"))
    if mine.estimate is None or other.estimate is None:
        found.append(_("no estimate to compare"))
    elif abs(mine.estimate - other.estimate) > CLOSE:
        points = round((other.estimate - mine.estimate) * 100)
        words = _("estimate %d points higher") if points > 0 else _("estimate %d points lower")
        found.append(words % abs(points))
    return tuple(found)


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]


def compare(plan: Plan, draft: PlanDraft) -> Comparing:
    """The plan beside its like cases. Names of other people are left out; teams stay."""
    own = _alike(plan)
    others = [
        _case(other, draft_in(version), here=False, differs=_differs(own, _alike(other)))
        for other, version in _frozen(nearest(plan))
    ]
    mine = _case(plan, draft, here=True)
    alike = [case for case in others if not case.differs]
    return Comparing((mine, *others), _rows(draft), _stands_out(mine, alike))


def _frozen(plans: list[Plan]) -> list[tuple[Plan, PlanVersion]]:
    """Each with the version that was agreed: signed, else the one HR approved."""
    kinds = (VersionKind.SIGNED, VersionKind.WORKING, VersionKind.PRESENTED)
    found = []
    for plan in plans:
        versions = {version.kind: version for version in plan.versions.filter(kind__in=kinds).order_by("number")}
        version = versions.get(VersionKind.SIGNED) or versions.get(VersionKind.WORKING)
        if version is not None:
            found.append((plan, version))
    return found


def number_of(plan: Plan) -> str:
    """How a case is called where names are hidden: 2026-007."""
    return f"{plan.created_at.year}-{plan.pk:03d}"


def _rows(draft: PlanDraft) -> tuple[tuple[str, str], ...]:
    cycle = _("deal cycle %d days") % draft.cycle_days if draft.cycle_days else ""
    return (
        (_("Beyond chance"), ""),
        (_("Largest part of the gap"), ""),
        (_("Outside their hands"), ""),
        (_("Length"), cycle),
        (_("Revenue goal"), _("adequate colleague reaches it")),
        (_("Other goals"), ""),
        (_("Support promised"), ""),
        (_("How it stands"), ""),
    )


def _case(plan: Plan, draft: PlanDraft, *, here: bool, differs: tuple[str, ...] = ()) -> Case:
    evidence = draft.evidence
    revenue = next((goal for goal in draft.goals if goal.kind is GoalKind.REVENUE), None)
    odds = _odds(revenue)
    manager = draft.manager.name if draft.manager else ""
    return Case(
        label=plan.person.name if here else number_of(plan),
        note=_("%s’s team") % manager if here and manager else draft.rep.team,
        picture=_picture(plan, evidence, here=here),
        cells=(
            Cell(_("yes") if evidence.certain else _("may be chance")),
            _largest(evidence.gap),
            _outside(evidence.gap),
            Cell(ngettext("%d day", "%d days", draft.days) % draft.days),
            _revenue(revenue, odds, draft.currency),
            _others(draft),
            Cell(_support(draft)),
            Cell(plan.get_state_display()),
        ),
        here=here,
        days=draft.days,
        hours=draft.hours,
        chance=odds,
        differs=differs,
    )


def _odds(goal: Goal | None) -> float | None:
    found = reckon(goal.chance, target=goal.target) if goal else None
    return found.adequate_colleague if found else None


def _picture(plan: Plan, evidence: Evidence, *, here: bool) -> Interval | None:
    found = evidence.comparison
    if found is None:
        return None
    name = plan.person.name if here else _("Case %s") % number_of(plan)
    told = {"name": name, "share": f"{found.estimate:.0%}", "low": f"{found.low:.0%}", "high": f"{found.high:.0%}"}
    return Interval(
        title=_("%(name)s: %(share)s of comparable colleagues") % told,
        description=_("Likely between %(low)s and %(high)s (nine in ten).") % told,
        kind=Kind.SIGNAL if evidence.certain else Kind.EARLY,
        estimate=found.estimate,
        low=found.low,
        high=found.high,
        estimate_text=f"{found.estimate:.0%}",
        range_text=f"{found.low * 100:.0f}–{found.high * 100:.0f}",
    )


def _largest(gap: Gap | None) -> Cell:
    line = largest_controllable(gap) if gap else None
    if gap is None or line is None:
        return Cell("–")
    told = {
        "part": money_about(abs(line.amount), gap.currency),
        "all": money_about(abs(gap.difference), gap.currency),
    }
    return Cell(stage_name(line.key), _("%(part)s; in all %(all)s") % told)


def _outside(gap: Gap | None) -> Cell:
    lines = outside_hands(gap) if gap else ()
    if gap is None or not lines:
        return Cell(_("None"))
    return Cell(lines[0].name.capitalize(), money_about(abs(lines[0].amount), gap.currency))


def _revenue(goal: Goal | None, odds: float | None, currency: str) -> Cell:
    if goal is None:
        return Cell(_("None"))
    return Cell(money_about(goal.target, currency), chance(odds) if odds is not None else _("not reckoned"))


def _others(draft: PlanDraft) -> Cell:
    from headway.plans.letter import kind_name

    kinds = [kind_name(goal.kind) for goal in draft.goals if goal.kind is not GoalKind.REVENUE]
    return Cell(str(len(kinds)), ", ".join(dict.fromkeys(kinds)))


def _support(draft: PlanDraft) -> str:
    words = ngettext("%(hours)s h, %(n)d promise", "%(hours)s h, %(n)d promises", len(draft.promises))
    return words % {"hours": hours_text(draft.hours), "n": len(draft.promises)}


def _stands_out(mine: Case, others: list[Case]) -> tuple[str, ...]:
    """Where this plan asks more or gives less than every like case; with fewer than two nobody can say."""
    if len(others) < 2:
        return ()
    found = []
    if mine.days < min(case.days for case in others):
        found.append(_("It is shorter than every like case."))
    fewest = min(case.hours for case in others)
    if mine.hours < 0.75 * fewest:
        told = {"mine": hours_text(mine.hours), "fewest": hours_text(fewest)}
        found.append(_("It promises %(mine)s hours; like cases promised %(fewest)s or more.") % told)
    odds = [case.chance for case in others if case.chance is not None]
    if mine.chance is not None and len(odds) > 1 and mine.chance < min(odds) - 0.1:
        found.append(_("Its revenue goal is harder to reach than that of every like case."))
    return tuple(found)
