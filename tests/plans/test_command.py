"""`headway plan draft` from loaded facts."""

from __future__ import annotations

import csv
import json
import random
from datetime import date, timedelta
from pathlib import Path

import pytest
import typer
from pypdf import PdfReader
from typer.testing import CliRunner

from headway.core.actors import SYSTEM
from headway.core.errors import NotFound, WrongUsage
from headway.facts.load import commit_load, plan_load
from headway.plans.commands import register

pytestmark = pytest.mark.django_db


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None) -> typer.Typer:
    """A small company in a home of its own: eight reps, one of whom wins little."""
    monkeypatch.setenv("HEADWAY_HOME", str(tmp_path / "home"))
    folder = tmp_path / "export"
    folder.mkdir()
    dice = random.Random(5)
    people = [["M1", "Marta Lindqvist", "manager", "", "North", ""]]
    people += [[f"P{n}", f"Rep{n} Weber", "rep", "M1", "North", "2023-01-01"] for n in range(8)]
    head = ["person_id", "name", "role", "manager_id", "team", "hired_on"]
    _write(folder / "people.csv", [head, *people])
    deals = [["opportunity_id", "owner_id", "created_at", "stage", "outcome", "closed_at", "amount", "currency"]]
    for n in range(8):
        for k in range(60):
            made = date(2025, 10, 1) + timedelta(days=3 * k)
            closed = made + timedelta(days=30 + dice.randrange(20))
            won = dice.random() < (0.1 if n == 7 else 0.5)
            deals.append([f"D{n}-{k}", f"P{n}", f"{made}", "won" if won else "lost", "won" if won else "lost",
                          f"{closed}", f"{dice.randrange(10_000, 30_000)}", "EUR"])  # fmt: skip
    _write(folder / "opportunities.csv", deals)
    commit_load(plan_load([folder]), by=SYSTEM)
    made_app = typer.Typer()
    register(made_app)
    return made_app


def _write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(rows)


def run(app: typer.Typer, *words: str) -> str:
    # With one group only, typer keeps the group's name as a command of its own.
    found = CliRunner().invoke(app, ["plan", "draft", *words], catch_exceptions=False)
    assert found.exit_code == 0, found.output
    return found.stdout


def test_markdown_goes_to_standard_output(app: typer.Typer) -> None:
    text = run(app, "P7", "--as-of", "2026-03-31")
    for section in ("Your goals", "What we saw", "What is not in your hands", "What you do", "How we talk",
                    "How progress is measured", "What success is", "How it can end"):  # fmt: skip
        assert f"## {section}" in text
    assert "Dear Rep7" in text
    assert "Marta Lindqvist" in text


def test_files_follow_their_suffix(app: typer.Typer, tmp_path: Path) -> None:
    for suffix in ("pdf", "docx", "md", "json"):
        run(app, "P7", "--as-of", "2026-03-31", "--days", "60", "-o", str(tmp_path / f"plan.{suffix}"))
    assert "Rep7" in PdfReader(tmp_path / "plan.pdf").pages[0].extract_text()
    data = json.loads((tmp_path / "plan.json").read_text())
    assert (data["days"], data["rep"]["person_id"]) == (60, "P7")
    assert {path.suffix for path in tmp_path.glob("plan.*")} == {".pdf", ".docx", ".md", ".json"}


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["P7", "--days", "45"], WrongUsage),
        (["P7", "-o", "plan.exe"], WrongUsage),
        (["P7", "--as-of", "31.03.2026"], WrongUsage),
        (["NOBODY"], NotFound),
    ],
)
def test_what_cannot_be_is_said_plainly(app: typer.Typer, words: list[str], error: type[Exception]) -> None:
    with pytest.raises(error):
        CliRunner().invoke(app, ["plan", "draft", *words], catch_exceptions=False)
