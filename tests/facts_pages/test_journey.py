from __future__ import annotations

import pytest
from django.test import Client

from headway.core.models import AuditEntry
from headway.facts.models import FactVersion, Load
from headway.facts.store import open_facts
from headway.facts.web_loads import uploads
from tests.facts_pages.conftest import DEALS, PEOPLE, Send, file

pytestmark = pytest.mark.django_db(transaction=True)


def content_of(answer: object) -> str:
    """The whole download, its file closed."""
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    answer.close()
    return text


def test_from_file_to_figures(send: Send, revops: Client) -> None:
    load = send(file("people.csv", PEOPLE), file("opportunities.csv", DEALS))
    assert load.state == Load.State.PLANNED, load.error
    review = revops.get(f"/data/load/{load.pk}/").content.decode()
    assert "Load 6 rows" in review
    assert "Owner is not known" in review
    assert "nobody" in review
    assert FactVersion.objects.count() == 0
    revops.post(f"/data/load/{load.pk}/", {"do": "load"})
    load.refresh_from_db()
    assert load.state == Load.State.DONE, load.error
    done = revops.get(f"/data/load/{load.pk}/").content.decode()
    assert "6 rows are loaded" in done
    with open_facts() as facts:
        assert facts.con.execute("SELECT count(*) FROM opportunities").fetchone() == (3,)
    assert not uploads.folder_of(load.answers["key"]).exists()
    events = list(AuditEntry.objects.order_by("pk").values_list("event", flat=True))
    assert [e for e in ("load.started", "load.begun", "facts.loaded", "load.done") if e not in events] == []


def test_health_says_the_answer_first(loaded: Load, revops: Client) -> None:
    page = revops.get("/data/").content.decode()
    assert "1 row could not be read" in page
    assert "1 person of 3 owns no deals" in page
    assert "Cy Cole" in page
    assert "Quota attainment" in page
    assert "quotas per person and period" in page
    assert f'href="/data/rejects/load-{loaded.pk}.csv"' in page
    assert "Version 1" in page


def test_health_asks_the_store_nothing(loaded: Load, revops: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    def refused(*_a: object, **_k: object) -> None:
        raise AssertionError("DuckDB was opened while a page was made")

    monkeypatch.setattr(duckdb, "connect", refused)
    assert revops.get("/data/").status_code == 200


def test_rejects_are_a_download(loaded: Load, revops: Client) -> None:
    answer = revops.get(f"/data/rejects/load-{loaded.pk}.csv")
    text = content_of(answer)
    assert answer["Content-Type"].startswith("text/csv")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "Owner is not known" in text
    assert revops.get("/data/rejects/load-999.csv").status_code == 404
    assert revops.get("/data/rejects/..%2F..%2Fsecret.csv").status_code == 404
    assert "Owner is not known" in content_of(revops.get("/data/rejects/v1.csv"))


def test_rejects_can_be_downloaded_before_anything_is_loaded(send: Send, revops: Client) -> None:
    deals = DEALS.replace("nobody", "=cmd()")
    load = send(file("people.csv", PEOPLE), file("opportunities.csv", deals))
    text = content_of(revops.get(f"/data/rejects/load-{load.pk}.csv"))
    assert "'=cmd()" in text
    assert FactVersion.objects.count() == 0


def test_the_same_files_again_change_nothing(loaded: Load, send: Send, revops: Client) -> None:
    again = send(file("people.csv", PEOPLE), file("opportunities.csv", DEALS))
    page = revops.get(f"/data/load/{again.pk}/").content.decode()
    assert "Nothing in it is new" in page
    assert "Load 6 rows" not in page
    assert again.mode == "add"


def test_undo_asks_first_and_flips_back(loaded: Load, send: Send, revops: Client) -> None:
    more = send(file("opportunities.csv", DEALS.replace(",1000,", ",1500,")))
    revops.post(f"/data/load/{more.pk}/", {"do": "load"})
    assert FactVersion.objects.get(is_current=True).number == 2
    page = revops.get("/data/undo/").content.decode()
    assert "Go back from version 2 to version 1?" in page
    assert revops.post("/data/undo/", {"version": "1"}).status_code == 409
    assert FactVersion.objects.get(is_current=True).number == 2
    after = revops.post("/data/undo/", {"version": "2"}, follow=True).content.decode()
    assert FactVersion.objects.get(is_current=True).number == 1
    assert "version 2 is kept" in after
    assert revops.get("/data/versions/2/").status_code == 200
    assert revops.get("/data/versions/9/").status_code == 404
    assert revops.get("/data/undo/").status_code == 409


def test_an_export_about_other_people_starts_afresh_by_proposal(loaded: Load, send: Send, revops: Client) -> None:
    others = "person_id,name,role\nx1,Xa Xu,rep\n"
    deals = "opportunity_id,owner_id,created_at,outcome,closed_at\nz1,x1,2026-01-05,won,2026-02-01\n"
    load = send(file("people.csv", others), file("opportunities.csv", deals))
    assert load.mode == "replace"
    page = revops.get(f"/data/load/{load.pk}/").content.decode()
    assert "it looks like another company" in page
    assert "The 6 rows loaded now leave the pages" in page
    revops.post(f"/data/load/{load.pk}/", {"do": "check", "mode": "add"})
    load.refresh_from_db()
    assert load.mode == "add"
    assert "6 rows loaded now" not in revops.get(f"/data/load/{load.pk}/").content.decode()


def test_cancel_forgets_load_and_files(send: Send, revops: Client) -> None:
    load = send(file("people.csv", PEOPLE), file("opportunities.csv", DEALS))
    folder = uploads.folder_of(load.answers["key"])
    assert folder.exists()
    revops.post(f"/data/load/{load.pk}/cancel/")
    assert not folder.exists()
    assert revops.get(f"/data/load/{load.pk}/").status_code == 404


def test_cells_with_html_are_text(send: Send, revops: Client) -> None:
    people = PEOPLE.replace("Ada Ash", "<script>alert(1)</script>").replace("name,role", "name,<b>role</b>")
    load = send(file("<img src=x>.csv", people), file("opportunities.csv", DEALS))
    page = revops.get(f"/data/load/{load.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "<b>role" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert" in page
