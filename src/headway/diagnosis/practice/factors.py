"""What is not in a person's hands: told by the data where the data can, answered and signed by the manager else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.translation import gettext as _

from headway.diagnosis import serialise as diagnosis_json
from headway.diagnosis.diagnosis import Diagnosis, ExternalFactor, GapPart
from headway.diagnosis.models import DiagnosisRecord
from headway.diagnosis.practice.company_rules import PracticeRules, practice_rules
from headway.diagnosis.practice.models import FactorAnswer, Found
from headway.diagnosis.practice.rules import GateState
from headway.metrics.models import AnalysisRun
from headway.people.models import Person
from headway.web.text import day

# In the order in which they are asked. The first four can be told from data.
FACTORS = (
    "territory", "lead_volume", "lead_quality", "team_gap", "accounts", "playbook", "tools", "market", "competitors",
)  # fmt: skip


@dataclass(frozen=True)
class Factor:
    """One factor with the data's word and the manager's answer.

    state: done = looked at (or held back with a remedy), todo = holds back and nothing is done about it yet,
    open = nobody has answered. told_by: "data", "manager" or "".
    """

    key: str
    name: str
    question: str
    state: GateState
    sentence: str
    told_by: str
    data_sentence: str = ""
    answer: FactorAnswer | None = None
    holds_back: bool = False


def factor_name(key: str) -> str:
    """What a factor is called."""
    return {
        "territory": _("Territory"),
        "lead_volume": _("Leads received"),
        "lead_quality": _("Lead quality"),
        "team_gap": _("Gap of the whole team"),
        "accounts": _("Inherited accounts"),
        "playbook": _("Playbook"),
        "tools": _("Tools"),
        "market": _("Market"),
        "competitors": _("Competitors"),
    }[key]


def factor_question(key: str) -> str:
    """What a manager is asked about it."""
    return {
        "territory": _("Is there enough to be won in the territory?"),
        "lead_volume": _("Did as many leads arrive as at colleagues?"),
        "lead_quality": _("Are the leads as good as those of colleagues?"),
        "team_gap": _("Do most of the team have the same gap?"),
        "accounts": _("Which accounts were inherited, and in what state?"),
        "playbook": _("Does the playbook fit these customers?"),
        "tools": _("Do the tools work, and is there time to use them?"),
        "market": _("Has the market changed since the targets were set?"),
        "competitors": _("Has a competitor changed price or product?"),
    }[key]


def factors_of(
    person: Person, *, as_of: date, run: AnalysisRun | None, rules: PracticeRules | None = None
) -> tuple[Factor, ...]:
    """Every factor of a person as it stands on a day. The caller has asked for permission."""
    rules = rules or practice_rules()
    told = _told_by_data(person, run=run, rules=rules)
    since = as_of - timedelta(days=rules.answer_days)
    rows = FactorAnswer.objects.filter(person=person, answered_on__gt=since, answered_on__lte=as_of)
    answers = {row.factor: row for row in rows}
    return tuple(_factor(key, told.get(key), answers.get(key)) for key in FACTORS)


def _factor(key: str, told: ExternalFactor | None, answer: FactorAnswer | None) -> Factor:
    blank = Factor(
        key=key, name=factor_name(key), question=factor_question(key), state=GateState.OPEN,
        sentence=told.sentence if told else _("The data can’t tell."), told_by="",
        data_sentence=told.sentence if told else "",
    )  # fmt: skip
    by_data = replace(blank, state=GateState.DONE, told_by="data") if told and told.state == "ok" else blank
    if told and told.state == "todo":
        by_data = replace(blank, state=GateState.TODO, told_by="data", holds_back=True)
    if answer is None:
        return by_data
    return replace(
        by_data, state=_answered(answer), sentence=answer.text, told_by="manager", answer=answer,
        holds_back=answer.found == Found.HOLDS_BACK,
    )  # fmt: skip


def _answered(answer: FactorAnswer) -> GateState:
    unmended = answer.found == Found.HOLDS_BACK and not answer.remedy
    return GateState.TODO if unmended else GateState.DONE


def _told_by_data(person: Person, *, run: AnalysisRun | None, rules: PracticeRules) -> dict[str, ExternalFactor]:
    if run is None:
        return {}
    team = Person.objects.filter(team=person.team, role="rep", listed=True) if person.team else []
    ids = {member.pk for member in team} | {person.pk}
    records = DiagnosisRecord.objects.filter(run=run, person_id__in=ids, evaluable=True)
    found = {record.person_id: diagnosis_json.from_json(record.payload) for record in records}
    mine = found.get(person.pk)
    told = {factor.key: factor for factor in mine.external if factor.state != "open"} if mine else {}
    shared = team_gap(mine, [other for key, other in found.items() if key != person.pk], rules=rules) if mine else None
    if shared is not None:
        told["team_gap"] = shared
    return told


def largest_gap(found: Diagnosis) -> GapPart | None:
    """The largest part that is in a person's hands, if it costs anything."""
    parts = [part for part in found.parts if part.controllable and part.amount > 0]
    return max(parts, key=lambda part: part.amount, default=None)


def team_gap(mine: Diagnosis, others: Iterable[Diagnosis], *, rules: PracticeRules) -> ExternalFactor | None:
    """Whether most of the team lose in the same step, clearly; None where the team is too small to say."""
    part = largest_gap(mine)
    colleagues = list(others)
    if part is None or len(colleagues) < rules.team_least:
        return None
    same = sum(any(p.key == part.key and p.amount > 0 and p.clear for p in other.parts) for other in colleagues)
    share = same / len(colleagues)
    words = {"same": same, "all": len(colleagues), "step": part.name}
    if share >= rules.team_share:
        text = _(
            "%(same)s of %(all)s colleagues in the team clearly lose in the same step (%(step)s): "
            "look at the system first."
        )
        return ExternalFactor("team_gap", factor_name("team_gap"), "todo", text % words)
    text = _("%(same)s of %(all)s colleagues in the team clearly lose in the same step (%(step)s).")
    return ExternalFactor("team_gap", factor_name("team_gap"), "ok", text % words)


def with_answers(found: Diagnosis, person: Person, *, as_of: date, run: AnalysisRun | None) -> Diagnosis:
    """The diagnosis with the manager's signed answers in place of what the data could not tell."""
    factors = factors_of(person, as_of=as_of, run=run)
    states = {GateState.DONE: "ok", GateState.TODO: "todo", GateState.OPEN: "open"}
    external = tuple(ExternalFactor(f.key, f.name, states[f.state], _with_name(f)) for f in factors)
    return replace(found, external=external)


def _with_name(factor: Factor) -> str:
    if factor.answer is None:
        return factor.sentence
    said = {
        "text": factor.sentence.rstrip(". "),
        "by": factor.answer.made_by_name,
        "day": day(factor.answer.answered_on),
    }
    if factor.answer.remedy:
        return _("%(text)s. What is done: %(remedy)s. (%(by)s, %(day)s)") % {
            **said,
            "remedy": factor.answer.remedy.rstrip(". "),
        }
    return _("%(text)s. (%(by)s, %(day)s)") % said
