"""The words of a draft, section by section. Each paragraph names the figure or the template it came from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from headway.plans import rules
from headway.plans.content import Content, GapContent
from headway.plans.durations import DurationAdvice
from headway.plans.evidence import Evidence, Figure, Gap, GapLine, Unit
from headway.plans.freezing import METRIC_OF, is_conversion
from headway.plans.plan_draft import CheckIn, Paragraph
from headway.plans.support import HOLDING_BACK
from headway.plans.timeline import Window, working_day
from headway.plans.wording import (
    capital,
    day,
    every,
    figure_text,
    line_money,
    listed,
    money,
    money_about,
    observed,
    share,
    weekday,
)

# Of a figure that is better by less than this share, nobody says "ahead".
WORTH_SAYING = 0.02


def is_step(key: str) -> bool:
    """Whether the key is a step of the funnel, merged ones too."""
    return key in {"own_leads", "deal_size"} or is_conversion(key)


@dataclass(frozen=True)
class Words:
    """Everything that the sentences speak of."""

    evidence: Evidence
    content: Content
    gap: GapContent
    line: GapLine | None
    window: Window
    company: str
    manager: str
    cycle_days: float | None
    currency: str

    @property
    def foreign(self) -> bool:
        """The plan speaks another language than the analysis: its ready-made sentences are left out."""
        return self.content.language != "en"

    def say(self, entry: str, *, data: str = "", **values: object) -> Paragraph:
        """A paragraph from a template; `data` names the figure it speaks of."""
        source = f"data: {data}; template: {entry}" if data else f"template: {entry}"
        named: dict[str, object] = {"company": self.company, "manager": self.manager}
        return Paragraph(self.content.fill(entry, **{**named, **values}), source)


def purpose(words: Words) -> tuple[Paragraph, ...]:
    """Strengths come before this; then why there is a plan."""
    entry = "text.purpose" if words.evidence.certain else "text.purpose_growth"
    found = [words.say(entry, company=words.company)]
    if words.line is not None:
        entry = "text.purpose_gap" if words.line.clear else "text.purpose_gap_unclear"
        found.append(words.say(entry, data=words.line.key, gap_name=words.gap.name))
    else:
        found.append(words.say("text.purpose_no_gap"))
    return tuple(found)


def doubt(words: Words) -> Paragraph | None:
    """Said wherever chance has not been ruled out; never hidden."""
    evidence = words.evidence
    if not evidence.evaluable:
        return words.say("text.doubt_not_evaluable", data="signal", reason=_stopped(evidence.why_not))
    return None if evidence.certain else words.say("text.doubt", data="signal")


def duration(words: Words, *, advice: DurationAdvice, chosen: int | None) -> Paragraph:
    """How long, and why."""
    if chosen is not None and chosen != advice.days:
        return words.say("text.days_chosen", days=chosen, advice=advice.days)
    data = "cycle_days" if words.cycle_days is not None and advice.reason in {"days_result", "days_long_cycle"} else ""
    return words.say(f"text.{advice.reason}", data=data, days=advice.days, cycle=round(words.cycle_days or 0))


def strengths(words: Words) -> tuple[Paragraph, ...]:
    """What goes well, from the diagnosis or from figures clearly above colleagues; else a line to fill in together."""
    evidence = words.evidence
    # A metric that repeats a step of the funnel is said once, as the step.
    doubled = {METRIC_OF.get(figure.key, "") for figure in evidence.figures}
    ahead = [figure for figure in evidence.figures if figure.key not in doubled and _ahead(figure)]
    found = [
        words.say(
            "text.strength_line",
            data=figure.key,
            name=capital(figure.name),
            rate=_text(words, figure.value, figure),
            peer=_text(words, figure.peer, figure),
        )
        for figure in sorted(ahead, key=lambda figure: not is_step(figure.key))[:2]
    ]
    if not found and not words.foreign:
        found = [Paragraph(_stopped(text), "data: diagnosis.strengths") for text in evidence.strengths[:2]]
    return tuple(found) or (words.say("text.strengths_open", manager=words.manager),)


def _ahead(figure: Figure) -> bool:
    """Clearly better than comparable colleagues: beyond the middle 80 % of them, and by more than a trifle."""
    edge = figure.peer_high if figure.higher_is_better else figure.peer_low
    if figure.value is None or edge is None or figure.peer is None:
        return False
    better = figure.value - figure.peer if figure.higher_is_better else figure.peer - figure.value
    if better <= WORTH_SAYING * abs(figure.peer) or (figure.higher_is_better and figure.value <= 0):
        return False
    return figure.value > edge if figure.higher_is_better else figure.value < edge


def what_we_saw(words: Words) -> tuple[Paragraph, ...]:
    """The gap in figures: period, sample, range, colleagues."""
    evidence, found = words.evidence, list[Paragraph]()
    if evidence.gap is not None:
        found.append(_result(words, evidence.gap))
    if evidence.comparison is not None:
        group = evidence.comparison
        found.append(
            words.say(
                "text.saw_compare",
                data="performance_index",
                n=group.n,
                label=group.label,
                estimate=share(group.estimate),
                low=share(group.low),
                high=share(group.high),
            )
        )
    if evidence.since is not None:
        found.append(words.say("text.since", data="signal.since", since=day(evidence.since)))
    figure = evidence.figure(words.line.key) if words.line else None
    if figure and figure.peer is not None:
        found.append(_step(words, figure))
    return tuple(found) or (words.say("text.saw_nothing"),)


def _result(words: Words, gap: Gap) -> Paragraph:
    return words.say(
        "text.saw_result",
        data="revenue",
        start=day(gap.start, year=gap.start.year != gap.end.year),
        end=day(gap.end - timedelta(days=1)),
        actual=money(gap.actual, gap.currency),
        expected=money_about(gap.expected, gap.currency),
    )


def _step(words: Words, figure: Figure) -> Paragraph:
    values = {
        "name": capital(figure.name),
        "rate": _text(words, figure.value, figure),
        "peer": _text(words, figure.peer, figure),
        "peer_low": _text(words, figure.peer_low, figure),
        "peer_high": _text(words, figure.peer_high, figure),
    }
    if figure.unit is Unit.SHARE and figure.n:
        return words.say("text.saw_step", data=figure.key, observed=observed(figure), n=figure.n, **values)
    return words.say("text.saw_value", data=figure.key, **values)


def _text(words: Words, value: float | None, figure: Figure) -> str:
    return figure_text(value, figure.unit, words.currency)


def not_yours(words: Words) -> tuple[Paragraph, ...]:
    """What is outside the person's hands."""
    evidence = words.evidence
    lines = rules.outside_hands(evidence.gap) if evidence.gap else ()
    found = [
        words.say(
            "text.not_yours_gap" if line.clear else "text.not_yours_gap_unclear",
            data=line.key,
            name=capital(line.name),
            amount=line_money(replace(line, amount=-line.amount), words.currency)[0].lstrip("+"),
        )
        for line in lines
        # Time away is left out of every comparison; a letter need not speak of it.
        if line.key != "presence"
    ]
    found += [
        words.say("text.not_yours_factor", data=f"external.{factor.key}", name=capital(factor.name))
        if words.foreign
        else Paragraph(_stopped(factor.sentence), f"data: external.{factor.key}")
        for factor in evidence.outside
        if factor.sentence and factor.state in HOLDING_BACK and not any(factor.key == line.key for line in lines)
    ]
    return tuple(found) or (words.say("text.not_yours_none"),)


def how_we_talk(words: Words, meetings: tuple[CheckIn, ...]) -> tuple[Paragraph, ...]:
    """Check-ins, the looks at the whole plan, and what happens when a promise is not kept."""
    if not meetings:
        return (words.say("text.talk_promises", company=words.company),)
    rhythm = every(int(words.content.rule("check_in_every_weeks")))
    whole = [day(meeting.on) for meeting in meetings if meeting.kind != "check_in"]
    return (
        words.say(
            "text.talk",
            weekday=weekday(int(words.content.rule("check_in_weekday"))),
            rhythm=rhythm,
            first=day(meetings[0].on),
            last=day(meetings[-1].on),
            count=len(meetings),
            manager=words.manager,
        ),
        words.say("text.talk_milestones", milestones=listed(whole), company=words.company),
        words.say("text.talk_promises", company=words.company),
    )


def how_measured(words: Words, *, has_revenue: bool) -> tuple[Paragraph, ...]:
    """By which definitions, seen by whom."""
    found = [words.say("text.measured", manager=words.manager)]
    if has_revenue:
        found.append(words.say("text.measured_late", last_day=day(words.window.last_day)))
    return tuple(found)


def success(words: Words) -> tuple[Paragraph, ...]:
    """What counts as success."""
    return (words.say("text.success_all"), words.say("text.success_part", company=words.company))


def outcomes(words: Words) -> tuple[Paragraph, ...]:
    """How it can end and what follows."""
    decided_by = working_day(words.window.last_day + timedelta(days=7))
    return (
        words.say("text.outcome_end", decided_by=day(decided_by)),
        words.say("text.outcome_options"),
        words.say("text.outcome_consequence"),
        words.say("text.outcome_people", manager=words.manager),
    )


def clear(words: Words) -> tuple[Paragraph, ...]:
    """What would clear the finding."""
    evidence = words.evidence
    needed = evidence.what_would_clear and not words.foreign and (not evidence.evaluable or evidence.tier != "none")
    found = [Paragraph(_stopped(evidence.what_would_clear), "data: signal.what_would_clear")] if needed else []
    return (*found, words.say("text.clear_goals"))


def _stopped(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in ".!?…" else f"{text}."
