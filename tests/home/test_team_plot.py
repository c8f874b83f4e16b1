"""A team as a picture: everybody of a small one has a name in it, of a large one those of the page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from headway.charts import funnel_plot
from headway.core.actors import SYSTEM
from headway.detection import serialise
from headway.detection.models import SignalRecord
from headway.detection.signal import StageEvidence
from headway.home.team_plot import team_picture
from headway.metrics.models import AnalysisRun
from headway.people.actions import PersonRow, sync_people
from headway.people.models import User
from tests.home.conftest import AS_OF, a_signal


def large(people: int) -> tuple[AnalysisRun, User]:
    """So many reps of one leader, with forty decided deals each."""
    ids = [f"P{n:03d}" for n in range(people)]
    rows = [PersonRow("L", "Lea Lind", role="leader"), PersonRow("M", "Mia Moor", role="manager", manager_id="L")]
    sync_people(rows=[*rows, *(PersonRow(i, f"Ann {i}", manager_id="M") for i in ids)], by=SYSTEM)
    run = AnalysisRun.objects.create(
        as_of=AS_OF, facts_version=1, facts_hash="x", code_version="1", policy_version="1", metrics_version="1",
        finished_at=datetime.now(UTC), last_day=AS_OF,
    )  # fmt: skip
    for place, person in enumerate(ids):
        won = float(10 + place % 21)
        stage = StageEvidence(
            "proposal_to_won", 40, won, 20.0, won / 40, 0.5, 0.4, 0.6, 0.3, 0.7, 0.4, 0.6, "as_expected"
        )
        entry = replace(a_signal(person), stages=(stage,))
        SignalRecord.objects.create(
            run=run, person_id=person, evaluable=True, tier=entry.tier, finding=entry.finding,
            payload=serialise.to_json(entry),
        )  # fmt: skip
    leader = User(email="lea@x.example", name="Lea Lind", role="leader", person_id="L")
    leader.set_unusable_password()
    leader.save()
    return run, leader


@pytest.mark.django_db
@pytest.mark.parametrize(("people", "named"), [(60, 60), (61, 2)])
def test_of_many_people_those_of_the_page_are_named(people: int, named: int) -> None:
    run, leader = large(people)
    found = team_picture(leader, run, team=None, page=["P003", "P040"])
    assert found is not None
    svg = str(funnel_plot.render(found.plot, key="team"))
    assert len(re.findall(r"<a href=", svg)) == named == len(found.table.rows)
    assert svg.count('r="2.5"') == people - named
    assert ('aria-label="Ann P003:' in svg, 'aria-label="Ann P004:' in svg) == (True, named == 60)
    assert ("Named are the people on this page" in found.compared) == (named == 2)
