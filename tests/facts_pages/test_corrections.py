from __future__ import annotations

import re

import pytest
from django.test import Client

from headway.facts.models import Load
from headway.facts.store import open_facts
from headway.facts.web_loads.review import from_json
from tests.facts_pages.conftest import Send, file

pytestmark = pytest.mark.django_db(transaction=True)

FOREIGN = (
    "Verkaufschance-ID;Besitzer;Betrag;Währung;Phase;Erstellt am;Abschluss geplant;Rabatt-Stufe\n"
    "VC-1;Weber, Jonas;28.000,00;EUR;Angebot;02.01.2026;30.06.2026;B\n"
    "VC-2;Janssen, Sofie;1.234,56;EUR;Gewonnen;13.01.2026;30.06.2026;A\n"
    "VC-3;Weber, Jonas;500,00;EUR;Verloren;03.02.2026;31.06.2026;A\n"
)
AMBIGUOUS = (
    "Opportunity ID,Owner,Stage,Create Date,Amount\n"
    "1,Jo Weber,Proposal,03/04/2026,100\n"
    "2,Jo Weber,Proposal,05/06/2026,200\n"
    "3,Al Stone,Proposal,07/08/2026,300\n"
)


def field_of(page: str, label: str) -> str:
    """The form's name of the field for a column."""
    found = re.search(rf'name="([^"]+)" aria-label="Field for {re.escape(label)}"', page)
    assert found, label
    return found.group(1)


def test_a_foreign_export_is_understood_shown_and_loaded(send: Send, revops: Client) -> None:
    load = send(file("verkaufschancen.csv", FOREIGN))
    page = revops.get(f"/data/load/{load.pk}/").content.decode()
    review = from_json(load.plan)
    assert review is not None
    means = {c.header: c.column for s in review.sources for c in s.columns}
    assert means["Betrag"] == "amount"
    assert means["Rabatt-Stufe"] == ""
    assert "kept aside" in page
    assert "28.000,00" in page
    revops.post(f"/data/load/{load.pk}/", {"do": "load"})
    with open_facts() as facts:
        amounts = facts.con.execute("SELECT amount FROM opportunities ORDER BY 1").fetchall()
    assert amounts == [(500.0,), (1234.56,), (28000.0,)]


def test_a_column_said_to_be_something_else_is_read_again_and_remembered(send: Send, revops: Client) -> None:
    load = send(file("verkaufschancen.csv", FOREIGN))
    page = revops.get(f"/data/load/{load.pk}/").content.decode()
    field = field_of(page, "Rabatt-Stufe")
    answer = revops.post(f"/data/load/{load.pk}/", {"do": "check", field: "opportunities.source"})
    assert answer.status_code == 302
    page = revops.get(f"/data/load/{load.pk}/").content.decode()
    assert '<option value="opportunities.source" selected>' in page
    assert "your word" in page
    revops.post(f"/data/load/{load.pk}/", {"do": "load"})
    with open_facts() as facts:
        assert facts.con.execute("SELECT source FROM opportunities ORDER BY opportunity_id").fetchall() == [
            ("B",),
            ("A",),
            ("A",),
        ]
    again = send(file("verkaufschancen_neu.csv", FOREIGN.replace("500,00", "600,00")))
    review = from_json(again.plan)
    assert review is not None
    assert {c.header: c.column for s in review.sources for c in s.columns}["Rabatt-Stufe"] == "source"


def test_leaving_a_column_out(send: Send, revops: Client) -> None:
    load = send(file("verkaufschancen.csv", FOREIGN))
    page = revops.get(f"/data/load/{load.pk}/").content.decode()
    revops.post(f"/data/load/{load.pk}/", {"do": "check", field_of(page, "Betrag"): ""})
    revops.post(f"/data/load/{load.pk}/", {"do": "load"})
    with open_facts() as facts:
        assert facts.con.execute("SELECT count(amount) FROM opportunities").fetchone() == (0,)


def test_pressing_load_with_a_change_checks_it_first(send: Send, revops: Client) -> None:
    load = send(file("verkaufschancen.csv", FOREIGN))
    page = revops.get(f"/data/load/{load.pk}/").content.decode()
    field = field_of(page, "Rabatt-Stufe")
    after = revops.post(f"/data/load/{load.pk}/", {"do": "load", field: "opportunities.source"}, follow=True)
    load.refresh_from_db()
    assert load.state == Load.State.PLANNED
    assert "checked once more" in after.content.decode()


def test_a_made_up_field_is_passed_over(send: Send, revops: Client) -> None:
    load = send(file("verkaufschancen.csv", FOREIGN))
    page = revops.get(f"/data/load/{load.pk}/").content.decode()
    field = field_of(page, "Rabatt-Stufe")
    revops.post(f"/data/load/{load.pk}/", {"do": "check", field: "users.password", "q-99": "x", "mode": "burn"})
    load.refresh_from_db()
    assert load.state == Load.State.PLANNED
    assert load.mode == "add"
    assert '<option value="users.password"' not in revops.get(f"/data/load/{load.pk}/").content.decode()


def test_a_date_order_nobody_can_tell_is_asked_and_answered(send: Send, revops: Client) -> None:
    load = send(file("deals.csv", AMBIGUOUS))
    page = revops.get(f"/data/load/{load.pk}/").content.decode()
    review = from_json(load.plan)
    assert review is not None
    question = next(n for n, q in enumerate(review.questions) if q.must)
    assert "needs an answer" in page
    assert 'name="do" value="load"' not in page
    refused = revops.post(f"/data/load/{load.pk}/", {"do": "load"})
    assert refused.status_code == 400
    day_first = next(v for v, w in review.questions[question].options if "day" in (v + w).lower())
    revops.post(f"/data/load/{load.pk}/", {"do": "check", f"q-{question}": day_first})
    page = revops.get(f"/data/load/{load.pk}/").content.decode()
    assert "answered" in page
    revops.post(f"/data/load/{load.pk}/", {"do": "load"})
    with open_facts() as facts:
        months = facts.con.execute("SELECT DISTINCT month(created_at) FROM raw_opportunities ORDER BY 1").fetchall()
    assert months == [(4,), (6,), (8,)]


def test_checking_in_place_gives_the_review_back_in_place(send: Send, revops: Client) -> None:
    load = send(file("verkaufschancen.csv", FOREIGN))
    page = revops.get(f"/data/load/{load.pk}/").content.decode()
    field = field_of(page, "Rabatt-Stufe")
    answer = revops.post(
        f"/data/load/{load.pk}/", {"do": "check", field: "opportunities.source"}, headers={"HX-Request": "true"}
    )
    assert answer["HX-Retarget"] == "#load"
    body = answer.content.decode()
    assert body.lstrip().startswith("<form")
    assert f'name="{field}"' in body
