"""Jonas, Mara and a newcomer: the cases the tests speak of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.utils import translation

from headway.detection.signal import ComparisonGroup, Finding, Index, NotEvaluable, Signal, StageEvidence, Tier
from headway.plans.content import Content, load
from headway.plans.draft import CompanyVoice, draft
from headway.plans.evidence import Figure, Unit
from headway.plans.plan_draft import Party, PlanDraft

AS_OF = date(2026, 5, 17)
JONAS = Party("P7", "Jonas Weber", "Mid-market North", "Mid-market")
MARTA = Party("M1", "Marta Lindqvist")


@dataclass(frozen=True)
class Part:
    key: str
    name: str
    amount: float
    low: float
    high: float
    controllable: bool = True
    clear: bool = False
    note: str = ""


@dataclass(frozen=True)
class Factor:
    key: str
    name: str
    state: str
    sentence: str


@dataclass(frozen=True)
class Found:
    """What a diagnosis looks like to this room."""

    currency: str
    gap: float
    expected: float
    actual: float
    parts: tuple[Part, ...]
    external: tuple[Factor, ...] = ()
    strengths: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()


def stage(key: str, n: int, observed: float, rate: float, peer: float, low: float, high: float) -> StageEvidence:
    return StageEvidence(key, n, observed, n * peer, rate, peer, low, high, rate * 0.8, rate * 1.2, rate * 0.9,
                         rate * 1.1, "below")  # fmt: skip


STAGES = (
    stage("lead_to_qualified", 92, 43, 0.47, 0.50, 0.42, 0.58),
    stage("qualified_to_proposal", 43, 28, 0.65, 0.70, 0.61, 0.79),
    stage("proposal_to_won", 28, 9, 0.34, 0.50, 0.41, 0.60),
    stage("own_leads", 24, 30, 1.3, 1.0, 0.6, 1.25),
    stage("deal_size", 9, 28_000, 28_000, 30_000, 24_000, 36_000),
)
GROUP = ComparisonGroup("Mid-market", 23, 0.78, 1.25, date(2025, 12, 1), date(2026, 5, 18), ("segment", "source"))


def signal(*, tier: Tier = Tier.FORMAL, finding: Finding = Finding.REAL_DROP) -> Signal:
    return Signal(
        person_id="P7",
        as_of=AS_OF,
        index=Index(0.55, 0.44, 0.68, 0.5, 0.6),
        p_under=0.96,
        p_fine=0.01,
        reliability=0.75,
        tier=tier,
        finding=finding,
        since=date(2026, 3, 3),
        sentences=("Real drop since 3 March.",),
        comparison=GROUP,
        what_would_clear="six of the next ten proposals won",
        stages=STAGES,
        history=(),
        quota_attainment=0.58,
        territory_potential=0.97,
        policy_version="policy-1",
    )


def not_evaluable() -> NotEvaluable:
    return NotEvaluable("P9", AS_OF, "no_deals", "Noor owns no deals yet", "Ten decided deals would help")


PARTS = (
    Part("leads", "leads assigned", -50_000, -56_000, -44_000, controllable=False, clear=True),
    Part("own_leads", "leads found alone", 10_000, -18_000, 40_000),
    Part("lead_to_qualified", "Lead to qualified", -14_000, -44_000, 15_000),
    Part("qualified_to_proposal", "Qualified to proposal", -21_000, -62_000, 22_000),
    Part("proposal_to_won", "Proposal to won", -116_000, -172_000, -58_000, clear=True),
    Part("deal_size", "Deal size", -19_000, -52_000, 14_000),
)


def diagnosis(**changes: object) -> Found:
    found = Found(
        currency="EUR",
        gap=-210_000,
        expected=462_000,
        actual=252_000,
        parts=PARTS,
        external=(Factor("lead_quality", "Lead quality", "no", "Your leads are as good as those of colleagues."),),
        strengths=("You find more leads of your own than colleagues do",),
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def cycle(days: float = 58) -> Figure:
    return Figure("sales_cycle_days", "Sales cycle", "1", Unit.DAYS, days - 3, n=31, peer=days, higher_is_better=False)


def voice(**changes: object) -> CompanyVoice:
    found = CompanyVoice("Alderwick", "EUR", "Growth plan", MARTA, {"RevOps": "Tomás Oliveira"})
    return replace(found, **changes)  # type: ignore[arg-type]


def words(kind: str = "", language: str = "en") -> Content:
    return load(language, kind=kind)


def jonas_plan(**changes: object) -> PlanDraft:
    arguments: dict[str, object] = {
        "person": JONAS,
        "signal": signal(),
        "diagnosis": diagnosis(),
        "metrics": (cycle(),),
        "days": None,
        "kind": "",
        "language": "en",
        **changes,
    }
    content = words(str(arguments["kind"]), str(arguments["language"]))
    with translation.override(content.language):
        return _drafted(arguments, content)


def _drafted(arguments: dict[str, object], content: Content) -> PlanDraft:
    return draft(
        arguments["person"],  # type: ignore[arg-type]
        arguments["signal"],  # type: ignore[arg-type]
        arguments["diagnosis"],  # type: ignore[arg-type]
        arguments["metrics"],  # type: ignore[arg-type]
        as_of=AS_OF,
        days=arguments["days"],  # type: ignore[arg-type]
        company=voice(),
        content=content,
        run_id=4,
    )
