"""The pages of a plan's end, and the files that leave the house."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from headway.core import clock
from headway.core.actors import SYSTEM
from headway.core.models import AuditEntry
from headway.outcomes import actions
from headway.outcomes.models import Evaluation, Relapse
from headway.outcomes.states import Outcome, Stage
from headway.people.models import User
from headway.plans.models import Plan
from tests.outcomes.conftest import LAST_DAY, People, answered, confirmed, proposed
from tests.outcomes.looks import verdict_document
from tests.plans.stories import on


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def keep_look(plan: Plan, **changes: object) -> None:
    actions.keep_verdicts(documents={plan.pk: verdict_document(**changes)}, as_of=LAST_DAY, facts_version=1, by=SYSTEM)


def test_from_the_evidence_to_the_confirmation_in_the_browser(plan: Plan, people: People) -> None:
    keep_look(plan)
    manager, rep, hr = (client_of(people[role]) for role in ("manager", "rep", "hr"))
    page = f"/plans/{plan.pk}/outcome/"
    assert "Gather the evidence" in manager.get(page).content.decode()
    assert rep.get(page).status_code == hr.get(page).status_code == 404
    assert manager.post(f"{page}prepare/").status_code == 302
    found = manager.get(page).content.decode()
    assert "of 4 goals are met" in found
    assert "The evidence speaks for" in found
    assert "really improved" in found
    assert rep.get(page).status_code == 404
    seen = Evaluation.objects.get().prepared_hash
    lost = manager.post(f"{page}propose/", {"outcome": "not_met", "words": "My very words.", "seen": seen})
    assert lost.status_code == 400
    assert "support the company owes is unanswered" in lost.content.decode()
    assert "My very words." in lost.content.decode()
    sent = {"outcome": "partly", "words": "Two of four.", "seen": seen}
    assert manager.post(f"{page}propose/", sent).status_code == 302
    assert "Put my answer on record" in rep.get(page).content.decode()
    assert rep.post(f"{page}answer/", {"words": "<b>Fine</b> by me."}).status_code == 302
    found = hr.get(page).content.decode()
    assert "&lt;b&gt;Fine&lt;/b&gt; by me." in found
    assert hr.post(f"{page}confirm/", {"words": "Like others."}).status_code == 302
    assert Evaluation.objects.get().stage == Stage.CONFIRMED
    assert "Partly met" in rep.get(page).content.decode()
    assert "Appeal against this outcome" in rep.get(page).content.decode()
    assert rep.post(f"{page}appeal/", {"words": "No."}).status_code == 302
    assert "Somebody else decides" in hr.get(page).content.decode()
    assert "Uphold the appeal" in client_of(people["leader"]).get(page).content.decode()


@pytest.mark.parametrize("what", ["propose", "answer", "confirm", "appeal", "decide", "extend", "nonsense"])
def test_what_is_not_yours_is_not_there(plan: Plan, people: People, what: str) -> None:
    proposed(plan, people)
    answer = client_of(people["other"]).post(f"/plans/{plan.pk}/outcome/{what}/", {"words": "x"})
    assert answer.status_code == 404


def test_files_of_the_outcome(plan: Plan, people: People) -> None:
    keep_look(plan)
    proposed(plan, people)
    rep = client_of(people["rep"])
    for fmt, start in (("pdf", b"%PDF"), ("docx", b"PK"), ("md", b"#"), ("json", b"{")):
        answer = rep.get(f"/plans/{plan.pk}/outcome.{fmt}")
        assert answer.status_code == 200, fmt
        assert answer.content.startswith(start), fmt
    assert "Two of four goals" in rep.get(f"/plans/{plan.pk}/outcome.md").content.decode()
    assert rep.get(f"/plans/{plan.pk}/outcome.exe").status_code == 404
    assert client_of(people["other"]).get(f"/plans/{plan.pk}/outcome.pdf").status_code == 404


def _case(plan: Plan, user: User, folder: Path) -> Path:
    answer = client_of(user).post(f"/plans/{plan.pk}/case.zip")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        archive.extractall(folder)
    return folder / f"case-{plan.pk}"


def _verify(folder: Path) -> subprocess.CompletedProcess[str]:
    # -I: nothing of this project can be imported
    return subprocess.run([sys.executable, "-I", "verify.py"], cwd=folder, capture_output=True, text=True, check=False)


def test_the_whole_case_stands_alone_and_shows_every_change(plan: Plan, people: People, tmp_path: Path) -> None:
    keep_look(plan)
    confirmed(plan, people)
    folder = _case(plan, people["hr"], tmp_path)
    assert AuditEntry.objects.latest("pk").event == "outcome.case_file_made"
    done = _verify(folder)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    manifest = json.loads((folder / "manifest.json").read_text())["files"]
    assert {"plan/letter.pdf", "outcome/01-letter.pdf", "record.json", "README.txt"} <= set(manifest)
    for name in ("outcome/01-prepared.json", "record.json", "plan/signatures.json"):
        kept = (folder / name).read_bytes()
        (folder / name).write_bytes(kept.replace(b"Jonas", b"Junas", 1) + b" ")
        assert f"{name}: changed" in _verify(folder).stdout, name
        (folder / name).write_bytes(kept)
    # even with the list made to fit, the seals inside no longer do
    record = (folder / "record.json").read_bytes().replace(b"In line with like cases.", b"Against all like cases")
    (folder / "record.json").write_bytes(record)
    import hashlib

    whole = json.loads((folder / "manifest.json").read_text())
    whole["files"]["record.json"] = hashlib.sha256(record).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(whole))
    done = _verify(folder)
    assert done.returncode == 1
    assert "its content was changed" in done.stdout


def test_hr_only_parts_stay_with_hr(plan: Plan, people: People, tmp_path: Path) -> None:
    actions.prepare_evaluation(plan=plan, by=people["manager"])
    for role in ("rep", "hr", "manager"):
        folder = _case(plan, people[role], tmp_path / role)
        assert _verify(folder).returncode == 0, role
        events = {line["event"] for line in json.loads((folder / "record.json").read_text())}
        reviews = json.loads((folder / "plan/hr-reviews.json").read_text())
        assert ("plan.seen" in events) == (role == "hr"), role
        assert ("compared" in reviews[0]) == (role == "hr"), role
        assert bool(json.loads((folder / "outcome/outcomes.json").read_text())) == (role == "manager"), role
    assert client_of(people["other"]).post(f"/plans/{plan.pk}/case.zip").status_code == 404


def test_the_list_shows_each_reader_what_waits(plan: Plan, people: People) -> None:
    manager = client_of(people["manager"])
    assert "nobody has gathered the evidence yet" in manager.get("/outcomes/").content.decode()
    answered(plan, people)
    assert "1 decision or talk waits for you" in client_of(people["hr"]).get("/outcomes/").content.decode()
    assert "Waits for somebody else" in manager.get("/outcomes/").content.decode()
    assert "Jonas" not in client_of(people["other"]).get("/outcomes/").content.decode()


def test_a_renewed_drop_leads_to_a_talk_and_the_diagnosis(plan: Plan, people: People) -> None:
    confirmed(plan, people)
    later = LAST_DAY + timedelta(days=60)
    with clock.at(on(later)):
        seen = actions.RelapseSeen(
            plan.pk, later - timedelta(days=10), "meetings", 0.9, "Fewer meetings since October."
        )
        assert actions.keep_relapses(seen=[seen], by=SYSTEM) == 1
        assert actions.keep_relapses(seen=[seen], by=SYSTEM) == 0
        manager = client_of(people["manager"])
        found = manager.get("/outcomes/").content.decode()
        assert "Fewer meetings since October." in found
        assert "Open the diagnosis" in found
        assert "plan/new" not in found
        assert "Fewer meetings" not in client_of(people["hr"]).get("/outcomes/").content.decode()
        row = Relapse.objects.get()
        assert client_of(people["rep"]).post(f"/relapses/{row.pk}/answer/", {"answer": "help"}).status_code == 404
        manager.post(f"/relapses/{row.pk}/answer/", {"answer": "help", "words": "Two talks on discovery."})
        row.refresh_from_db()
        assert (row.answer, row.words) == ("help", "Two talks on discovery.")
        assert actions.keep_relapses(seen=[seen], by=SYSTEM) == 0


def test_a_refresher_is_written_down_once(plan: Plan, people: People) -> None:
    confirmed(plan, people)
    first = plan.follow_ups.first()
    assert first is not None
    rep = client_of(people["rep"])
    with clock.at(on(first.due_on)):
        assert first.text in rep.get("/outcomes/").content.decode()
        rep.post(f"/follow-ups/{first.pk}/done/", {})
        rep.post(f"/follow-ups/{first.pk}/done/", {})
        first.refresh_from_db()
        assert first.done_on == first.due_on
        assert AuditEntry.objects.filter(event="followup.done").count() == 1
        assert client_of(people["other"]).post(f"/follow-ups/{first.pk}/done/").status_code == 404


def test_overviews_open_for_those_who_may(plan: Plan, people: People) -> None:
    keep_look(plan)
    confirmed(plan, people, Outcome.MET)
    found = client_of(people["leader"]).get("/outcomes/portfolio/").content.decode()
    assert "fewer than five" in found
    assert "Mid-market North" in found
    assert "Jonas" not in found
    assert client_of(people["rep"]).get("/outcomes/portfolio/").status_code in {403, 404}
    found = client_of(people["manager"]).get("/outcomes/lessons/").content.decode()
    assert "Too few finished plans" in found
    assert client_of(people["rep"]).get("/outcomes/lessons/").status_code in {403, 404}


def test_nothing_is_chosen_beforehand_for_an_appeal(plan: Plan, people: People) -> None:
    """Upheld without another outcome is refused, with the words kept; the outcome appealed against is not offered."""
    actions.appeal_outcome(evaluation=confirmed(plan, people), words="One promise came late.", by=people["rep"])
    client, page = client_of(people["leader"]), f"/plans/{plan.pk}/outcome/"
    shown = client.get(page).content.decode()
    select = shown[shown.index("If upheld") :].split("</select>")[0]
    values = re.findall(r'<option value="([a-z_]*)"', select)
    assert values[0] == ""
    assert re.findall(r'value="([a-z_]*)" selected', select) == [""]
    assert {"met", "unfair"} <= set(values)
    assert not {"partly", "not_met", "extended"} & set(values)
    answer = client.post(f"{page}decide/", {"do": "uphold", "words": "He is right.", "outcome": ""})
    assert "No outcome is chosen" in answer.content.decode()
    assert "He is right." in answer.content.decode()
    assert plan.evaluations.get().stage == "appealed"
