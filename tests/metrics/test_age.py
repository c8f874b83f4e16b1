"""The last good figures stay while newer ones are made or fail; pages and `headway status` say so, and what to do."""

from __future__ import annotations

import errno
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ

from headway.core import jobs
from headway.core.actors import SYSTEM
from headway.diagnosis import jobs as diagnosis_jobs
from headway.diagnosis.analysis import definitions
from headway.facts.commands import status
from headway.facts.models import FactVersion
from headway.metrics import age as ages
from headway.metrics.actions import store_figures
from headway.metrics.age import JOB, age_for
from headway.metrics.cube.book import Book
from headway.metrics.models import AnalysisRun, FigureColumn
from headway.metrics.queries import board_of
from headway.people.actions import change_company
from headway.people.company import CompanyChange
from headway.people.models import Person, User
from tests.metrics.test_figures import AS_OF, book, facts  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db(transaction=True)
MADE = datetime(2026, 4, 1, 7, 30, tzinfo=UTC)


def version(number: int, *, current: bool = True) -> FactVersion:
    FactVersion.objects.update(is_current=False)
    return FactVersion.objects.create(number=number, mode="add", content_hash="x", is_current=current)


@pytest.fixture
def figures(book: Book) -> AnalysisRun:  # noqa: F811
    """Figures of version 1, which is the newest."""
    version(1)
    run = AnalysisRun.objects.create(
        as_of=AS_OF, facts_version=1, facts_hash="x", code_version="0", policy_version="p", metrics_version="m",
        finished_at=MADE,
    )  # fmt: skip
    store_figures(run=run, book=book, by=SYSTEM)
    return run


def page(role: str = "revops", person: Person | None = None) -> str:
    user, _new = User.objects.get_or_create(email=f"{role}@x.example", name=role, role=role, person=person)
    client = Client()
    client.force_login(user)
    answer = client.get("/figures/?period=month")
    assert answer.status_code == 200
    return answer.content.decode()


def fail(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Let the worker do the analysis, which breaks."""

    def broken(**_how: Any) -> None:
        raise error

    monkeypatch.setattr("headway.diagnosis.analysis.analyse", broken)
    diagnosis_jobs.analyse_later(None)
    jobs.work(once=True)


def test_figures_of_the_newest_load_say_when_they_were_worked_out_and_nothing_else(figures: AnalysisRun) -> None:
    assert age_for(SYSTEM).sentence == ""
    shown = page()
    assert "Worked out on 1 April 2026, " in shown
    assert "from version 1 of the data" in shown
    assert "figures of" not in shown


def test_a_newer_load_that_is_being_worked_out_is_said(figures: AnalysisRun) -> None:
    version(2)
    diagnosis_jobs.analyse_later(None)
    shown = page()
    assert "is being worked out; until then the figures of 1 April 2026, " in shown
    OrmQ.objects.update(lock=timezone.now() + timedelta(hours=1))  # the worker has it
    FactVersion.objects.update(created_at=timezone.now() - timedelta(hours=5))
    assert age_for(SYSTEM).under_way


@pytest.mark.parametrize("asked", [False, True], ids=["nobody asked", "nobody began"])
def test_a_newer_load_that_nobody_works_on_is_said_with_what_to_do(figures: AnalysisRun, asked: bool) -> None:
    version(2)
    FactVersion.objects.update(created_at=timezone.now() - timedelta(minutes=16))
    if asked:
        diagnosis_jobs.analyse_later(None)
    assert "nobody is working on it. Start headway serve, or run headway jobs --once." in page()


@pytest.mark.parametrize(
    ("error", "why", "todo"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full", "Free some space."),
        (RuntimeError("IO Error: Could not set lock on x"), "another program holds the data", "End the other program"),
        (MemoryError("Out of Memory Error: failed to allocate"), "there was not enough memory", "Give the machine"),
        (ValueError("The ladder is empty. Name its stages."), "The ladder is empty", "Name its stages."),
    ],
)  # fmt: skip
def test_what_fails_leaves_the_figures_and_is_said_in_plain_words(
    figures: AnalysisRun, monkeypatch: pytest.MonkeyPatch, error: Exception, why: str, todo: str
) -> None:
    version(2)
    before = page()
    fail(monkeypatch, error)
    shown = page()
    assert f"because newer ones could not be worked out: {why}." in shown
    assert todo in shown
    assert "Headway tries again every hour" in shown
    assert "Traceback" not in shown
    assert before.count("<td>") == shown.count("<td>"), "the figures still stand"
    told = ages.status()
    assert told.data is not None
    assert (told.data["behind"], told.data["version"]) == (True, 1)
    assert why in told.lines[1]


def test_a_reader_without_the_data_is_told_whom_to_ask(figures: AnalysisRun, monkeypatch: pytest.MonkeyPatch) -> None:
    version(2)
    fail(monkeypatch, OSError(errno.ENOSPC, "No space left on device"))
    person = Person.objects.create(person_id="p03", name="Pia", role="rep")
    shown = page("rep", person)
    assert "the disk is full. Tell whoever looks after the data." in shown
    assert "Free some space" not in shown


def test_what_failed_is_tried_again_and_then_nothing_is_said(
    figures: AnalysisRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    version(2)
    fail(monkeypatch, OSError(errno.ENOSPC, "No space left on device"))
    OrmQ.objects.all().delete()
    diagnosis_jobs.try_again()
    assert jobs.waits(JOB) is jobs.Wait.QUEUED
    diagnosis_jobs.try_again()
    assert OrmQ.objects.count() == 1
    figures.pk = None
    figures.facts_version, figures.finished_at = 2, timezone.now()
    figures.save(force_insert=True)
    OrmQ.objects.all().delete()
    assert age_for(SYSTEM).sentence == ""
    diagnosis_jobs.try_again()
    assert jobs.waits(JOB) is jobs.Wait.NONE


def test_a_disk_that_fills_while_figures_are_kept_leaves_those_before(
    figures: AnalysisRun,
    book: Book,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_what: object, **_how: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(type(FigureColumn.objects), "bulk_create", full)
    run = AnalysisRun.objects.get(pk=figures.pk)
    run.pk, run.facts_version = None, 2
    run.save(force_insert=True)
    with pytest.raises(OSError, match="No space"):
        store_figures(run=run, book=book, by=SYSTEM)
    monkeypatch.undo()
    kept = board_of(SYSTEM, metric_keys=["calls"])
    assert kept is not None
    assert len(kept.rows) == 12


def test_status_says_it_to_people_and_programs(figures: AnalysisRun, capsys: pytest.CaptureFixture[str]) -> None:
    version(2)
    FactVersion.objects.update(created_at=timezone.now() - timedelta(hours=1))
    lines = ages.status().lines
    assert lines[0].startswith("Figures: Worked out on 1 April 2026, ")
    assert lines[1].endswith("nobody is working on it. Start headway serve, or run headway jobs --once.")
    FactVersion.objects.all().delete()
    status(json_out=True)
    told = json.loads(capsys.readouterr().out)["figures"]
    assert (told["version"], told["as_of"], told["behind"], told["problem"]) == (1, "2026-03-31", False, None)


def test_before_anything_was_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ages.status().lines == ()
    version(1)
    fail(monkeypatch, OSError(errno.ENOSPC, "No space left on device"))
    assert age_for(SYSTEM).sentence.startswith("No figures could be worked out: the disk is full. Free some space.")


@pytest.mark.parametrize("loaded", [True, False])
def test_a_change_of_settings_asks_for_new_figures_once_there_is_anything_to_read(loaded: bool) -> None:
    if loaded:
        version(1)
    change_company(change=CompanyChange(fiscal_pattern="4-4-5"), by=SYSTEM)
    assert (jobs.waits(JOB) is not jobs.Wait.NONE) == loaded


def test_an_analysis_knows_the_settings_that_its_figures_rest_on() -> None:
    before = definitions()
    change_company(change=CompanyChange(plan_name="Success plan"), by=SYSTEM)
    assert definitions() == before
    named = {before}
    for change in (
        CompanyChange(time_zone="America/New_York"), CompanyChange(week_start=6), CompanyChange(fiscal_pattern="4-4-5"),
        CompanyChange(ladder=("lead", "proposal", "won")),
    ):  # fmt: skip
        change_company(change=change, by=SYSTEM)
        named.add(definitions())
    assert len(named) == 5
