"""Detection, given the files alone, says of each person what the roster says (the default seed)."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bench.simulation.memory_facts import COLUMNS, memory_facts
from headway.demo import company
from headway.detection.engine import signals
from headway.detection.signal import Finding, NotEvaluable, Signal, SignalReport, Tier

AS_OF = date(2026, 5, 17)
DROP = date(2026, 3, 3)

pytestmark = pytest.mark.slow


class Read:
    """The report with people by name."""

    def __init__(self, report: SignalReport, ids: dict[str, str]) -> None:
        self.report, self.ids = report, ids

    def entry(self, name: str) -> Signal | NotEvaluable:
        found = self.report.of(self.ids[name])
        assert found is not None, name
        return found

    def signal(self, name: str) -> Signal:
        found = self.entry(name)
        assert isinstance(found, Signal), (name, found)
        return found


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    written = company.write(tmp_path_factory.mktemp("alderwick"))
    tables: dict[str, pa.Table] = {name: pq.read_table(path) for name, path in written.files.items() if name in COLUMNS}
    ids = {s.name: s.person_id for s in written.sign_ins if s.person_id}
    return Read(signals(memory_facts(tables, AS_OF), history_weeks=0), ids)


def test_jonas_dropped_in_march_between_proposal_and_won(read: Read) -> None:
    jonas = read.signal("Jonas Weber")
    assert jonas.finding is Finding.REAL_DROP
    assert jonas.tier in (Tier.SUPPORT, Tier.FORMAL)
    assert 0.50 <= jonas.index.estimate <= 0.65
    assert jonas.since is not None
    assert DROP - timedelta(days=21) <= jonas.since <= DROP + timedelta(days=22)
    assert jonas.since_kind == "proposal_to_won"
    stages = {stage.key: stage.finding for stage in jonas.stages}
    assert stages.pop("proposal_to_won") == "below"
    assert "below" not in stages.values()


@pytest.mark.parametrize(
    ("name", "finding"),
    [
        ("Mateusz Kowalski", Finding.TERRITORY),
        ("Amira Haddad", Finding.OUT_OF_REACH),
        ("Lukas Brandt", Finding.RAMPING),
        ("Clara Nyström", Finding.STEADY),
        ("Ines Carvalho", Finding.WELL),
        ("Luca Marino", Finding.RAMPING),
    ],
)
def test_nobody_else_in_the_story_is_named(read: Read, name: str, finding: Finding) -> None:
    found = read.signal(name)
    assert (found.finding, found.tier) == (finding, Tier.NONE)


def test_amira_missed_half_her_quota_with_ordinary_work(read: Read) -> None:
    amira = read.signal("Amira Haddad")
    assert amira.quota_attainment == pytest.approx(0.5, abs=0.06)
    assert amira.index.low > 0.7
    assert amira.index.high > 1.0


def test_elif_finds_fewer_leads_since_april_and_that_is_an_early_sign_alone(read: Read) -> None:
    elif_ = read.signal("Elif Demir")
    assert (elif_.finding, elif_.tier) == (Finding.EARLY_SIGN, Tier.WATCH)
    assert elif_.since_kind == "own_leads"
    assert any("meetings a week" in sentence for sentence in elif_.sentences)
    assert elif_.since is not None
    assert date(2026, 4, 6) <= elif_.since <= date(2026, 5, 4)


def test_daniel_was_behind_and_rises_in_spring_so_his_range_is_wide(read: Read) -> None:
    daniel = read.signal("Daniel Okafor")
    assert daniel.finding in (Finding.RECOVERING, Finding.BELOW)
    assert daniel.tier is not Tier.FORMAL
    assert daniel.index.high > 1.0


def test_stefan_on_a_poor_territory_is_not_named(read: Read) -> None:
    stefan = read.signal("Stefan Albers")
    assert stefan.finding in (Finding.TERRITORY, Finding.EARLY_SIGN)
    assert stefan.tier in (Tier.NONE, Tier.WATCH)
    assert stefan.territory_potential == pytest.approx(0.66, abs=0.02)


@pytest.mark.parametrize(
    ("name", "code"), [("Sofie Janssen", "away"), ("Agnes Thalberg", "owns_nothing"), ("Timo Brandl", "too_new")]
)
def test_some_cannot_be_judged_and_the_reason_is_right(read: Read, name: str, code: str) -> None:
    found = read.entry(name)
    assert isinstance(found, NotEvaluable)
    assert found.code == code


@pytest.mark.parametrize(
    ("name", "finding", "kind"),
    [
        ("Viktor Seidel", Finding.REAL_DROP, "qualified_to_proposal"),
        ("Oskar Bergström", Finding.REAL_DROP, "lead_to_qualified"),
        ("Philipp Krämer", Finding.BELOW, None),
        ("Nina Petrova", Finding.BELOW, None),
    ],
)
def test_other_teams_have_their_cases(read: Read, name: str, finding: Finding, kind: str | None) -> None:
    found = read.signal(name)
    assert found.tier in (Tier.SUPPORT, Tier.FORMAL)
    assert (found.finding, found.since_kind) == (finding, kind)


def test_only_those_with_a_story_are_named(read: Read) -> None:
    named = {p.person_id for p in read.report.people if p.tier in (Tier.SUPPORT, Tier.FORMAL)}
    told = {read.ids[n] for n in ("Jonas Weber", "Viktor Seidel", "Oskar Bergström", "Philipp Krämer", "Nina Petrova")}
    assert told <= named <= told | {read.ids["Daniel Okafor"]}


def test_most_of_the_company_is_steady_and_bad_luck_is_rare(read: Read) -> None:
    count = Counter(p.finding for p in read.report.people)
    assert count.total() == 60
    assert count[Finding.STEADY] > 30
    assert count[Finding.LUCK] <= 6
