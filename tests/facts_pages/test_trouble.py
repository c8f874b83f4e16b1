from __future__ import annotations

import os
import shutil
import time
from collections import namedtuple

import pytest
from django.test import Client

from headway.facts import load as load_module
from headway.facts.models import FactVersion, Load
from headway.facts.web_loads import actions, jobs, pulse, uploads
from tests.facts_pages.conftest import DEALS, PEOPLE, Send, file

pytestmark = pytest.mark.django_db(transaction=True)
Disk = namedtuple("Disk", "total used free")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", b"", "empty"),
        ("broken.xlsx", b"PK\x03\x04 this is no workbook", "broken"),
        ("letter.pdf", b"%PDF-1.7 hello", "pdf"),
        ("words.csv", b"hello there", ""),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(
    send: Send, revops: Client, name: str, content: bytes, said: str
) -> None:
    load = send(file(name, content))
    assert load.state == Load.State.FAILED
    page = revops.get(f"/data/load/{load.pk}/").content.decode()
    assert said in load.error
    assert load.error.endswith(".")
    assert "Traceback" not in page
    assert "nothing was changed" in page
    assert FactVersion.objects.count() == 0


def test_one_bad_file_does_not_hold_up_the_others(send: Send, revops: Client) -> None:
    load = send(file("people.csv", PEOPLE), file("opportunities.csv", DEALS), file("broken.xlsx", b"PK\x03\x04 no"))
    assert load.state == Load.State.PLANNED
    page = revops.get(f"/data/load/{load.pk}/").content.decode()
    assert "Files that could not be read" in page
    assert "broken.xlsx" in page


def test_no_file_at_all(revops: Client) -> None:
    answer = revops.post("/data/load/", {"mode": "add"})
    assert answer.status_code == 400
    assert "No file was chosen" in answer.content.decode()
    assert Load.objects.count() == 0


def test_a_full_disk_is_said_before_the_files_arrive(revops: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _p: Disk(10, 10, 0))
    answer = revops.post("/data/load/", {"files": [file("people.csv", PEOPLE)], "mode": "add"})
    assert answer.status_code == 503
    assert "disk of the Headway machine is full" in answer.content.decode()
    assert list(uploads.uploads_folder().glob("*")) == []


def test_a_disk_that_fills_up_meanwhile(revops: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def write(self, _data: bytes) -> int:
            raise OSError(28, os.strerror(28))

        def close(self) -> None:
            pass

    real = uploads.StraightToDisk.new_file

    def full(self: uploads.StraightToDisk, *args: object, **kwargs: object) -> None:
        real(self, *args, **kwargs)
        self._out.close()
        self._out = Full()

    monkeypatch.setattr(uploads.StraightToDisk, "new_file", full)
    answer = revops.post("/data/load/", {"files": [file("people.csv", PEOPLE)], "mode": "add"})
    assert answer.status_code == 503
    assert "full" in answer.content.decode()
    assert list(uploads.uploads_folder().glob("*")) == []


def test_files_that_are_too_large_together(revops: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 20)
    answer = revops.post("/data/load/", {"files": [file("people.csv", PEOPLE)], "mode": "add"})
    assert answer.status_code == 400
    assert "larger than" in answer.content.decode()
    assert Load.objects.count() == 0


@pytest.mark.parametrize("name", ["../../evil.csv", "..\\..\\evil.csv", "/etc/evil.csv", ".hidden.csv", "a\x00b.csv"])
def test_a_files_name_leads_nowhere(name: str) -> None:
    tidy = uploads.tidy_name(name)
    assert "/" not in tidy
    assert "\\" not in tidy
    assert "\x00" not in tidy
    assert not tidy.startswith(".")


def test_two_files_of_one_name_are_both_kept(send: Send) -> None:
    load = send(file("people.csv", PEOPLE), file("people.csv", PEOPLE.replace("p", "q", 1)))
    assert [f["name"] for f in load.files] == ["people.csv", "people (2).csv"]


def test_a_load_made_in_between_is_compared_again_not_overwritten(send: Send, revops: Client) -> None:
    first = send(file("people.csv", PEOPLE), file("opportunities.csv", DEALS))
    second = send(file("people.csv", PEOPLE), file("opportunities.csv", DEALS.replace(",1000,", ",9000,")))
    revops.post(f"/data/load/{first.pk}/", {"do": "load"})
    revops.post(f"/data/load/{second.pk}/", {"do": "load"})
    second.refresh_from_db()
    assert second.state == Load.State.PLANNED
    assert FactVersion.objects.count() == 1
    page = revops.get(f"/data/load/{second.pk}/").content.decode()
    assert "Another load came in between" in page
    assert second.plan["changed"] == 1
    revops.post(f"/data/load/{second.pk}/", {"do": "load"})
    second.refresh_from_db()
    assert second.state == Load.State.DONE
    assert FactVersion.objects.get(is_current=True).number == 2


def test_a_job_that_runs_twice_works_once(loaded: Load) -> None:
    Load.objects.filter(pk=loaded.pk).update(state=Load.State.LOADING)
    jobs.write_load(loaded.pk)
    jobs.write_load(loaded.pk)
    assert FactVersion.objects.count() == 1
    loaded.refresh_from_db()
    assert loaded.state == Load.State.DONE


def test_cut_off_after_writing_finds_its_version_again(
    send: Send, revops: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = send(file("people.csv", PEOPLE), file("opportunities.csv", DEALS))

    class Killed(BaseException):
        pass

    def killed(**_how: object) -> None:
        raise Killed

    with monkeypatch.context() as cut:
        cut.setattr(actions, "keep_done", killed)
        with pytest.raises(Killed):
            revops.post(f"/data/load/{load.pk}/", {"do": "load"})
    load.refresh_from_db()
    assert load.state == Load.State.LOADING
    assert FactVersion.objects.count() == 1
    pulse.clear(load.answers["key"])
    jobs.write_load(load.pk)
    load.refresh_from_db()
    assert load.state == Load.State.DONE
    assert load.version.number == 1
    assert FactVersion.objects.count() == 1


def test_cut_off_before_writing_says_so_and_can_be_tried_again(
    send: Send, revops: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = send(file("people.csv", PEOPLE), file("opportunities.csv", DEALS))
    monkeypatch.setattr(jobs, "async_task", lambda *_a, **_k: None)  # the worker takes it and is killed
    revops.post(f"/data/load/{load.pk}/", {"do": "load"})
    folder = uploads.folder_of(load.answers["key"])
    (folder / pulse.FILE).write_text('{"share": 0.4, "words": "Writing"}')
    page = revops.get(f"/data/load/{load.pk}/").content.decode()
    assert 'value="40"' in page
    assert "Try again" not in page
    long_ago = time.time() - 60
    os.utime(folder / pulse.FILE, (long_ago, long_ago))
    page = revops.get(f"/data/load/{load.pk}/").content.decode()
    assert "cut off in the middle" in page
    monkeypatch.undo()
    monkeypatch.setenv("HEADWAY_HOME", str(folder.parent.parent.parent))
    monkeypatch.setattr(jobs, "async_task", lambda name, pk, **_k: getattr(jobs, name.rpartition(".")[2])(pk))
    revops.post(f"/data/load/{load.pk}/again/")
    load.refresh_from_db()
    assert load.state == Load.State.DONE, load.error
    assert FactVersion.objects.count() == 1


def test_without_a_worker_the_page_says_so(send: Send, revops: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "async_task", lambda *_a, **_k: None)
    load = send(file("people.csv", PEOPLE))
    assert load.state == Load.State.READING
    assert "do not seem to run" not in revops.get(f"/data/load/{load.pk}/").content.decode()
    long_ago = time.time() - 60
    os.utime(uploads.folder_of(load.answers["key"]), (long_ago, long_ago))
    page = revops.get(f"/data/load/{load.pk}/").content.decode()
    assert "do not seem to run" in page
    assert "Try again" in page


def test_what_nobody_expected_is_still_one_sentence(
    send: Send, revops: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_a: object, **_k: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(jobs, "plan_load", broken)
    load = send(file("people.csv", PEOPLE))
    assert load.state == Load.State.FAILED
    page = revops.get(f"/data/load/{load.pk}/").content.decode()
    assert "nothing was changed" in page
    assert "secret detail" not in page
    assert "secret detail" in caplog.text


def test_a_failure_while_writing_leaves_everything_as_it_was(
    send: Send, revops: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = send(file("people.csv", PEOPLE), file("opportunities.csv", DEALS))

    def full(*_a: object, **_k: object) -> None:
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as cut:
        cut.setattr(load_module, "write_version", full)
        revops.post(f"/data/load/{load.pk}/", {"do": "load"})
    load.refresh_from_db()
    assert load.state == Load.State.PLANNED
    assert FactVersion.objects.count() == 0
    page = revops.get(f"/data/load/{load.pk}/").content.decode()
    assert load.error in page.replace("&#x27;", "'")
    revops.post(f"/data/load/{load.pk}/", {"do": "load"})
    load.refresh_from_db()
    assert load.state == Load.State.DONE


def test_cancelled_while_it_is_read_leaves_nothing(
    revops: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = jobs.plan_load

    def cancelled_meanwhile(*args: object, **how: object) -> object:
        plan = real(*args, **how)
        revops.post(f"/data/load/{Load.objects.get().pk}/cancel/")
        return plan

    monkeypatch.setattr(jobs, "plan_load", cancelled_meanwhile)
    revops.post("/data/load/", {"files": [file("people.csv", PEOPLE), file("opportunities.csv", DEALS)]})
    assert Load.objects.count() == 0
    assert [p for p in uploads.uploads_folder().glob("*/*") if p.name != pulse.FILE] == []
    assert "stopped" not in caplog.text
