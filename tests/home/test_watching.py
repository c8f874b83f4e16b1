"""The watch list shows what the kept chart holds, to the person and their manager and to nobody else."""

from __future__ import annotations

from datetime import date, timedelta

from django.test import Client

from headway.core.actors import SYSTEM
from headway.detection.models import WatchRecord
from headway.home.watching import watched
from headway.metrics.models import AnalysisRun
from headway.people.actions import give_access
from tests.home.conftest import AS_OF, client_of

RISING = [0.0] * 20 + [0.2, 0.45, 0.7, 0.95, 1.2, 1.31]


def _kept(run: AnalysisRun, person_id: str, levels: list[float] = RISING, **more: object) -> WatchRecord:
    given = {"kind": "effort", "key": "own_leads", "since": date(2026, 4, 13), "warns": levels[-1] > 1.0, **more}
    return WatchRecord.objects.create(run=run, person_id=person_id, levels=levels, **given)


def test_the_strip_says_when_it_began_and_how_far_each_week_was(company: AnalysisRun) -> None:
    _kept(company, "A")
    (found,) = watched(SYSTEM, company)
    assert found.title == "Something changed around 13 April: leads found alone"
    assert [level.level for level in found.picture.levels] == RISING
    assert found.picture.levels[-1].on == AS_OF
    assert found.picture.levels[0].on == AS_OF - timedelta(weeks=25)
    # the last week under the line, counted in the kept levels
    assert "beyond the line since the week after 3 May" in found.picture.description
    rows = dict(found.table.rows)
    assert rows["3 May"] == "95% of the way to the line"
    assert rows["17 May"] == "beyond the line"
    assert rows["12 April"] == "20% of the way to the line"
    assert rows["5 April"] == "nothing points down"


def test_a_manager_sees_their_people_and_a_rep_only_themselves(company: AnalysisRun) -> None:
    _kept(company, "A")
    _kept(company, "C", kind="results", key="proposal_to_won")
    mine = client_of("manager").get("/watch/").content.decode()
    assert "Something changed for one person" in mine
    assert "Ada Ahl" in mine
    assert "Cy Craft" not in mine
    own = client_of("rep").get("/watch/").content.decode()
    assert "leads found alone" in own
    assert "from proposal to won" not in own
    theirs = Client()
    theirs.force_login(give_access(email="other@x.example", role="manager", by=SYSTEM).user)
    assert "from proposal to won" in theirs.get("/watch/").content.decode()


def test_an_early_sign_is_for_the_person_and_their_manager_alone(company: AnalysisRun) -> None:
    _kept(company, "A")
    for role in ("leader", "hr"):
        client = client_of(role)
        assert client.get("/watch/").status_code in {403, 404}
        assert "Something changed around" not in client.get("/people/A/").content.decode()
    assert "Something changed around 13 April" in client_of("manager").get("/people/A/").content.decode()
    assert "Something changed around 13 April" in client_of("rep").get("/").content.decode()


def test_back_under_the_line_is_nothing_to_do(company: AnalysisRun) -> None:
    _kept(company, "A", [*RISING, 0.4][-26:])
    page = client_of("manager").get("/watch/").content.decode()
    assert "Nothing has changed that is more than luck" in page
    assert "Went back under the line" in page
    assert "Something changed around" not in client_of("manager").get("/people/A/").content.decode()
