"""A signed paper: made once, kept, proved, and made again when the process was killed before it was there."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from typer.testing import CliRunner

from headway.cli.main import build
from headway.core.actors import SYSTEM
from headway.core.errors import Conflict, NotFound, StorageTrouble
from headway.core.models import AuditEntry
from headway.plans.actions.papers import freeze_paper
from headway.plans.models import FrozenPaper, Plan, PlanVersion
from headway.plans.papers import folder
from headway.plans.papers.freezing import bytes_of, due, first_broken
from headway.plans.papers.jobs import freeze_what_is_due
from headway.plans.states import PlanKind, PlanState
from tests.plans.conftest import client_of
from tests.plans.stories import plan_in


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADWAY_HOME", str(tmp_path))


@pytest.fixture
def signed(people, run) -> Plan:
    return plan_in(PlanState.ACKNOWLEDGED_WITH_STATEMENT, people=people, run=run)


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def test_the_worker_freezes_what_was_signed_and_only_once(signed: Plan) -> None:
    assert [one.file for one in due()] == [f"plan-{signed.pk}-v5-1-plan.pdf"]
    assert (freeze_what_is_due(), freeze_what_is_due()) == (1, 0)
    paper = FrozenPaper.objects.get()
    kept = folder.read(paper.file)
    assert kept is not None
    assert hashlib.sha256(kept).hexdigest() == paper.sha256
    assert AuditEntry.objects.get(event="plan.paper_frozen").detail["sha256"] == paper.sha256


def test_it_carries_signature_statement_version_and_hash_on_each_page(signed: Plan) -> None:
    content = bytes_of(due()[0])
    version = signed.versions.get(kind="signed")
    text = text_of(content)
    assert "Signed electronically on 28 May 2026, 15:00 (UTC)" in text
    assert "Signing does not mean that I agree" in text
    assert "The leads I was given fell by a third; please put that right first." in text
    pages = PdfReader(BytesIO(content)).pages
    short = " ".join(version.content_hash[i : i + 4] for i in (0, 4, 8))
    for number, page in enumerate(pages, 1):
        words = " ".join(page.extract_text().split())
        assert f"version {version.number} of 28 May 2026 · record {short}" in words
        assert f"Page {number} of {len(pages)}" in words


def test_the_same_content_gives_the_same_bytes(signed: Plan) -> None:
    assert bytes_of(due()[0]) == bytes_of(due()[0])


def test_killed_before_the_record_it_is_made_again(signed: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_args: object, **_more: object) -> None:
        raise RuntimeError("killed")

    one = due()[0]
    with monkeypatch.context() as patch:
        patch.setattr(FrozenPaper, "save", killed)
        with pytest.raises(RuntimeError):
            freeze_paper(version=one.version, one=one, by=SYSTEM)
    assert folder.read(one.file) is not None
    assert not FrozenPaper.objects.exists()
    assert freeze_what_is_due() == 1
    assert first_broken() is None


def test_a_full_disk_leaves_no_half_paper(signed: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_fd: int) -> None:
        raise OSError(28, "No space left on device")

    one = due()[0]
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(StorageTrouble, match="No space left"):
            freeze_paper(version=one.version, one=one, by=SYSTEM)
    assert list(folder.folder().iterdir()) == []
    assert not FrozenPaper.objects.exists()


def test_verify_names_a_changed_byte_a_missing_file_and_changed_words(signed: Plan, people) -> None:
    freeze_what_is_due()
    run = CliRunner().invoke
    assert "1 signed paper, unchanged" in run(build(), ["audit", "verify"]).stdout
    path = folder.folder() / FrozenPaper.objects.get().file
    whole = path.read_bytes()
    path.write_bytes(whole[:500] + b"X" + whole[501:])
    found = run(build(), ["audit", "verify"])
    assert (found.exit_code, "its bytes were changed" in found.stdout) == (1, True)
    page = client_of(people["hr"]).get("/audit/?verify=1").content.decode()
    assert f"The record is whole, but {path.name} is not: its bytes were changed." in page
    path.unlink()
    assert "the file is missing" in run(build(), ["audit", "verify"]).stdout
    path.write_bytes(whole)
    version = signed.versions.get(kind="signed")
    other = version.content_text.replace("150", "151")
    PlanVersion.objects.filter(pk=version.pk).update(content_text=other)
    assert "its words were changed" in run(build(), ["audit", "verify"]).stdout
    hidden = hashlib.sha256(other.encode()).hexdigest()
    PlanVersion.objects.filter(pk=version.pk).update(content_hash=hidden)
    assert "not the one that was signed" in run(build(), ["audit", "verify"]).stdout


def test_a_witness_gets_a_paper_of_its_own(people, run) -> None:
    from headway.plans import actions
    from tests.plans.stories import typed

    plan = plan_in(PlanState.REFUSED, people=people, run=run)
    freeze_what_is_due()
    signed = typed(plan, people["hr"])
    actions.witness_refusal(plan=plan, typed=signed, by=people["hr"])
    assert freeze_what_is_due() == 1
    first, second = (folder.read(paper.file) for paper in FrozenPaper.objects.order_by("signatures"))
    assert first is not None
    assert second is not None
    assert "witness" not in text_of(first)
    assert "I witness that this success plan was handed to Jonas Weber" in text_of(second)


def test_the_letter_of_a_signed_plan_is_the_frozen_paper(signed: Plan, people) -> None:
    freeze_what_is_due()
    kept = folder.read(FrozenPaper.objects.get().file)
    reader = client_of(people["rep"])
    answer = reader.get(f"/plans/{signed.pk}/letter.pdf")
    assert answer.content == kept
    number = PlanVersion.objects.get(kind="signed").number
    assert f"-v{number}.pdf" in answer["Content-Disposition"]
    assert f"Version {number}, received" in text_of(answer.content)
    assert f"Version {number}, received" in reader.get(f"/plans/{signed.pk}/letter/").content.decode()
    assert b"please put that right first" in reader.get(f"/plans/{signed.pk}/letter.md").content
    assert reader.get(f"/plans/{signed.pk}/letter.json").json() == PlanVersion.objects.get(kind="signed").content


def test_before_it_is_shared_the_letter_says_that_it_is_a_draft(people, run) -> None:
    plan = plan_in(PlanState.DRAFT, people=people, run=run)
    answer = client_of(people["manager"]).get(f"/plans/{plan.pk}/letter.pdf")
    assert "not shared yet" in text_of(answer.content)
    assert "-v" not in answer["Content-Disposition"]


def test_a_full_disk_keeps_nobody_from_reading_what_was_signed(
    signed: Plan, people, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(name: str, content: bytes) -> None:
        raise StorageTrouble("The signed paper cannot be kept", value="No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(folder, "write", full)
        answer = client_of(people["rep"]).get(f"/plans/{signed.pk}/letter.pdf")
    assert answer.status_code == 200
    assert not FrozenPaper.objects.exists()
    freeze_what_is_due()
    assert folder.read(FrozenPaper.objects.get().file) == answer.content


def test_a_formal_plan_has_its_written_warning(people, run) -> None:
    plan = plan_in(PlanState.ACKNOWLEDGED, people=people, run=run, kind=PlanKind.FORMAL)
    assert freeze_what_is_due() == 2
    warning = folder.read(FrozenPaper.objects.get(kind="warning").file)
    assert warning is not None
    assert "Written warning" in text_of(warning)
    for paper in (warning, folder.read(FrozenPaper.objects.get(kind="plan").file)):
        assert paper is not None
        words = " ".join(text_of(paper).split())
        assert "This plan is a written warning." in words
        assert "not a warning" not in words
        assert "the employment may end" in words
    assert "You may appeal at any time." in text_of(warning)
    assert first_broken() is None
    assert plan.kind == "formal"


def test_the_page_hands_out_the_frozen_bytes_to_those_who_may_see_the_plan(signed: Plan, people) -> None:
    freeze_what_is_due()
    paper = FrozenPaper.objects.get()
    address = f"/plans/{signed.pk}/papers/plan-v5.pdf"
    for role in ("rep", "manager", "hr", "leader"):
        assert client_of(people[role]).get(address).content == folder.read(paper.file)
    assert client_of(people["other"]).get(address).status_code == 404
    page = client_of(people["rep"]).get(f"/plans/{signed.pk}/papers/").content.decode()
    assert paper.sha256 in page
    for name in ("plan-v5.exe", "nothing.pdf"):
        assert client_of(people["rep"]).get(f"/plans/{signed.pk}/papers/{name}").status_code == 404


def test_asked_for_before_the_worker_came_it_is_made_now(signed: Plan, people) -> None:
    content = client_of(people["rep"]).get(f"/plans/{signed.pk}/papers/plan-v5.pdf").content
    assert hashlib.sha256(content).hexdigest() == FrozenPaper.objects.get().sha256


def test_only_the_program_freezes_and_nothing_frozen_is_changed(signed: Plan, people) -> None:
    one = due()[0]
    with pytest.raises(NotFound):
        freeze_paper(version=one.version, one=one, by=people["manager"])
    freeze_what_is_due()
    with pytest.raises(Conflict):
        FrozenPaper.objects.get().save()


def test_a_change_as_a_letter(people, run) -> None:
    from headway.documents.render import render
    from headway.plans.papers.shelf import papers_of
    from tests.plans.stories import consent

    plan = plan_in(PlanState.AMENDED, people=people, run=run)
    [open_one] = [paper for paper in papers_of(plan) if paper.name.startswith("amendment")]
    text = render(open_one.letter(), "md").decode()
    assert "Two weeks of fair." in text
    assert "€90,000" in text
    consent(plan, people)
    [agreed] = [paper for paper in papers_of(plan) if paper.name.startswith("amendment")]
    assert "agree that it holds from now on" in render(agreed.letter(), "md").decode()


def test_the_guide_is_for_whoever_leads_the_talk(people, run) -> None:
    plan = plan_in(PlanState.APPROVED, people=people, run=run)
    address = f"/plans/{plan.pk}/papers/first-meeting.pdf"
    text = text_of(client_of(people["manager"]).get(address).content)
    assert "First meeting with Jonas" in text
    assert "Strengths first" in text
    assert client_of(people["rep"]).get(address).status_code == 404
    assert "first-meeting" not in client_of(people["rep"]).get(f"/plans/{plan.pk}/papers/").content.decode()
