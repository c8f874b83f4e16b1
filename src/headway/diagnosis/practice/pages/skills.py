"""Competencies: how the manager and the person see each, side by side and over time; and the page to rate them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from headway.charts.levels import Levels, Rated
from headway.charts.table import Table
from headway.core import clock
from headway.core.errors import BadInput, Conflict
from headway.core.permissions import can, require
from headway.diagnosis.practice import actions
from headway.diagnosis.practice.actions import RatingGiven
from headway.diagnosis.practice.company_rules import practice_rules
from headway.diagnosis.practice.competencies import Competency, competencies
from headway.diagnosis.practice.models import CompetencyRating, Rater
from headway.diagnosis.practice.pages.common import Reading, reading
from headway.diagnosis.practice.queries import rated_days, ratings_of, side_of, waits_for
from headway.diagnosis.practice.rules import current_turn
from headway.web.text import day

# Two sides that are this far apart have something to talk about.
APART = 2


@dataclass(frozen=True)
class SkillLine:
    """One competency on the page: the picture, both sides' newest words, and where they differ."""

    competency: Competency
    picture: Levels
    manager: CompetencyRating | None
    own: CompetencyRating | None
    manager_words: str
    own_words: str

    @property
    def apart(self) -> bool:
        """The two sides see it clearly differently."""
        return bool(self.manager and self.own and abs(self.manager.level - self.own.level) >= APART)


def skills(request: HttpRequest, person_id: str) -> HttpResponse:
    """Every competency of a person, with two marks each."""
    who = reading(request, person_id, page="skills")
    rows = ratings_of(who.user, person_id)
    lines = skill_lines(rows, name=who.person.first_name)
    waiting = waits_for(who.user, person_id)
    context = {
        **who.context("skills"),
        "title": _title(lines, name=who.person.first_name),
        "lines": lines,
        "table": ratings_table(rows, name=who.person.first_name),
        "rated": any(not line.picture.is_empty for line in lines),
        "waiting": _waiting(who, waiting),
        "may_rate": bool(can(who.user, "competency.rate", person_id)),
        "rate_words": _("Rate yourself") if who.own else _("Rate the skills"),
    }
    return render(request, "diagnosis/skills.html", context)


def _title(lines: Sequence[SkillLine], *, name: str) -> str:
    rated = [line for line in lines if line.manager and line.own]
    apart = [line.competency.name for line in rated if line.apart]
    if apart:
        return _("You see it differently: %s") % ", ".join(apart[:2])
    if rated:
        return _("You see %s’s skills much alike") % name
    return _("Skills of %s, side by side") % name


def _waiting(who: Reading, side: str) -> str:
    name = who.person.first_name
    if side == Rater.SELF:
        return _("Your own rating is missing. You see your manager’s once you have rated.") if who.own else (
            _("%s has not rated yet. Both see both once both have.") % name
        )  # fmt: skip
    if side == Rater.MANAGER:
        return _("%s has rated. The ratings open once the manager’s are there.") % name
    return ""


def skill_lines(rows: Sequence[CompetencyRating], *, name: str) -> list[SkillLine]:
    """The lines of every competency from ratings a reader may see, oldest first."""
    found: dict[str, dict[str, list[CompetencyRating]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found[row.competency][row.rater].append(row)
    days = _day_of_turn(rows)
    start, end = min(days.values(), default=clock.today()), max(days.values(), default=clock.today())
    if start == end:
        start -= timedelta(days=28)
    return [
        _line(c, found[c.key][Rater.MANAGER], found[c.key][Rater.SELF], start, end, days, name) for c in competencies()
    ]


def _day_of_turn(rows: Sequence[CompetencyRating]) -> dict[int, date]:
    """The day on which each turn is drawn: its first one, so that both marks of a turn stand above each other."""
    days: dict[int, date] = {}
    for row in rows:
        days[row.turn] = min(days.get(row.turn, row.rated_on), row.rated_on)
    return days


def ratings_table(rows: Sequence[CompetencyRating], *, name: str) -> Table:
    """Every rating in rows: skill, day, side, level."""
    names = {c.key: c.name for c in competencies()}
    shown = tuple(
        (names.get(row.competency, row.competency), day(row.rated_on), _who(row, name=name), str(row.level))
        for row in sorted(rows, key=lambda row: list(names).index(row.competency) if row.competency in names else 99)
    )
    return Table((_("Skill"), _("Day"), _("Seen by"), _("Level")), shown, frozenset({3}))


def _line(
    competency: Competency, manager: list[CompetencyRating], own: list[CompetencyRating], start: date, end: date,
    turn_day: dict[int, date], name: str,
) -> SkillLine:  # fmt: skip
    days = sorted({turn_day[row.turn] for row in (*manager, *own)})
    picture = Levels(
        title=_("%(skill)s of %(name)s, levels 1 to 5") % {"skill": competency.name, "name": name},
        description=_described(manager, own, name=name),
        first=tuple(Rated(turn_day[row.turn], row.level) for row in manager),
        second=tuple(Rated(turn_day[row.turn], row.level) for row in own),
        start=start,
        end=end,
        ticks=tuple((on, day(on, short=True)) for on in dict.fromkeys([*days[:1], *days[-1:]])),
        spoken=tuple(_spoken(row, name=name) for row in (*manager, *own)),
        empty=_("Not rated yet"),
    )
    return SkillLine(
        competency, picture, manager[-1] if manager else None, own[-1] if own else None,
        competency.level(manager[-1].level) if manager else "", competency.level(own[-1].level) if own else "",
    )  # fmt: skip


def _who(row: CompetencyRating, *, name: str) -> str:
    return name if row.rater == Rater.SELF else row.made_by_name


def _spoken(row: CompetencyRating, *, name: str) -> str:
    words = {"day": day(row.rated_on), "who": _who(row, name=name), "level": row.level}
    return _("%(day)s, %(who)s: %(level)s of 5") % words


def _described(manager: list[CompetencyRating], own: list[CompetencyRating], *, name: str) -> str:
    newest = [rows[-1] for rows in (manager, own) if rows]
    return ". ".join(_spoken(row, name=name) for row in newest) or _("Nobody has rated yet")


@dataclass(frozen=True)
class RatingField:
    """One competency as the form shows it, with what was typed."""

    competency: Competency
    chosen: str
    behaviour: str

    @property
    def options(self) -> list[tuple[str, str]]:
        """Value and described behaviour of each level."""
        return [(str(number), words) for number, words in enumerate(self.competency.levels, 1)]


def rate(request: HttpRequest, person_id: str) -> HttpResponse:
    """The page on which one side rates, blind to the other's newest ratings."""
    who = reading(request, person_id, page="skills")
    require(who.user, "competency.rate", person_id)
    problem = ""
    if request.method == "POST":
        try:
            actions.rate_competencies(person_id=person_id, ratings=_given(request.POST), by=who.user)
        except (BadInput, Conflict) as error:
            problem = error.sentence
        else:
            messages.success(request, _("The ratings are kept. Both sides see both once both have rated."))
            return redirect("skills", person_id)
    fields = [
        RatingField(c, request.POST.get(f"level-{c.key}", ""), request.POST.get(f"behaviour-{c.key}", ""))
        for c in competencies()
    ]
    context = {
        **who.context("skills"),
        "fields": fields,
        "problem": problem,
        "again": _rated_this_turn(who),
        "title": _("How do you see your own skills?")
        if who.own
        else _("What do you see %s do?") % who.person.first_name,
    }
    return render(request, "diagnosis/rate.html", context, status=400 if problem else 200)


def _rated_this_turn(who: Reading) -> bool:
    """Whether rating now would open a new turn although the last one is young."""
    days = rated_days(who.person.pk)
    side = side_of(who.user, who.person.pk)
    if not days.get(side):
        return False
    rules = practice_rules()
    turn = current_turn(days, rater=side, on=clock.today(), turn_days=rules.turn_days)
    newest = max(days[side].values())
    return turn > max(days[side]) and clock.today() <= newest + timedelta(days=rules.turn_days) and turn not in {
        t for rows in days.values() for t in rows
    }  # fmt: skip


def _given(post: QueryDict) -> list[RatingGiven]:
    return [
        RatingGiven(c.key, int(level), post.get(f"behaviour-{c.key}", ""))
        for c in competencies()
        if (level := post.get(f"level-{c.key}", "")).isdecimal() and level.isascii()
    ]
