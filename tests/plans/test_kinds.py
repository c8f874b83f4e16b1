"""Kinds of plans and their words, the gate before the formal one, the library, days off, two languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from headway.core import clock, templates
from headway.core.errors import BadInput, Conflict
from headway.diagnosis.models import AbsenceRecord
from headway.metrics.models import AnalysisRun
from headway.people.models import User
from headway.plans import actions
from headway.plans.content import load
from headway.plans.holidays import company_holidays, days_off
from headway.plans.keeping import draft_of, section_text, stamp
from headway.plans.library import picks_for
from headway.plans.models import Plan
from headway.plans.states import PlanKind, PlanState
from headway.plans.timeline import check_ins, window_from
from tests.plans import stories
from tests.plans.conftest import client_of
from tests.plans.jonas import jonas_plan

People = dict[str, User]


@pytest.fixture
def own() -> Iterator[Path]:
    """The company's folder of templates, empty before and after."""
    folder = templates.company_folder()
    folder.mkdir(parents=True, exist_ok=True)
    yield folder
    for path in folder.glob("*.toml"):
        path.unlink()


def test_a_formal_plan_is_not_drafted_before_its_time(people: People, run: AnalysisRun) -> None:
    with clock.at(stories.on(stories.DAYS["draft"])), pytest.raises(Conflict, match=r"Coaching first\. 0 of 3"):
        actions.draft_plan(
            person_id="P7", draft=jonas_plan(), run_id=run.pk, kind=PlanKind.FORMAL, by=people["manager"]
        )
    assert not Plan.objects.exists()


def test_choosing_the_kind_says_the_words_of_the_kind_and_keeps_what_people_wrote(
    people: People, run: AnalysisRun
) -> None:
    plan = stories.drafted(people, run)
    with clock.at(stories.on(stories.DAYS["draft"])):
        with pytest.raises(Conflict, match="not open yet"):
            actions.choose_kind(plan=plan, kind=PlanKind.FORMAL, by=people["manager"])
        stories.prepare(people)
        before = draft_of(plan)
        mine = "Jonas and Marta look at it together."
        text = section_text(before, "success")
        actions.change_text(plan=plan, section="success", text=mine, seen=stamp(text), by=people["manager"])
        actions.choose_kind(plan=Plan.objects.get(), kind=PlanKind.FORMAL, by=people["manager"])
    formal = draft_of(Plan.objects.get())
    assert (formal.name, Plan.objects.get().name) == ("Performance improvement plan", "Performance improvement plan")
    assert any("written warning" in p.text for p in formal.outcomes)
    assert [p.text for p in formal.success] == [mine]
    assert formal.goals == before.goals
    actions.choose_kind(plan=Plan.objects.get(), kind=PlanKind.GROWTH, by=people["manager"])
    assert any("goes into no personnel file" in p.text for p in draft_of(Plan.objects.get()).outcomes)


def test_an_unknown_placeholder_names_file_line_and_placeholder(own: Path) -> None:
    (own / "plan.en.toml").write_text('[text]\n# ours\npurpose = "Dear {nickname}, this is our plan."\n')
    with pytest.raises(BadInput) as caught:
        load("en")
    assert caught.value.sentence == (
        "A plan template has a placeholder that is not known here: {nickname} in plan.en.toml, line 3 (text.purpose). "
        "Use one of: company, manager."
    )


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ('[kind.formal.text]\noutcome_people = "{manger} decides."\n',
         "{manger} in plan.en.toml, line 2 (kind.formal.text.outcome_people). Did you mean manager?"),
        ('[gap.own_leads]\npromises = [{ kind = "training", text = "A day", role = "RevOps", after_days = 3, '
         'when = "by {dew}" }]\n', "{dew} in plan.en.toml, line 2 (gap.own_leads.promises.1.when). Did you mean due?"),
        ('[letter]\ngives = "{firm} helps"\n', "{firm} in plan.en.toml, line 2 (letter.gives). Use one of: company."),
        ('[text]\npurpos = "x"\n', "no such entry: text.purpos in plan.en.toml. Did you mean purpose?"),
    ],
)  # fmt: skip
def test_a_slip_in_the_companys_file_is_said_when_it_is_loaded(own: Path, file: str, says: str) -> None:
    (own / "plan.en.toml").write_text(file)
    with pytest.raises(BadInput) as caught:
        load("en", kind="success")
    assert says in caught.value.sentence


def test_what_headway_fills_in_everywhere_may_be_used_where_it_is_new(own: Path) -> None:
    (own / "plan.en.toml").write_text('[text]\nmeasured = "{company} measures."\n')
    assert load("en").fill("text.measured", company="Alderwick", manager="M") == "Alderwick measures."


def test_the_company_names_its_plans_in_one_place(own: Path) -> None:
    (own / "plan.en.toml").write_text('[kind.formal]\nname = "Back-on-track plan"\n')
    assert load("en", kind="formal").kind_name == "Back-on-track plan"
    assert "written warning" in load("en", kind="formal").fill("text.outcome_consequence", company="A")
    assert "not a warning" in load("en", kind="success").fill("text.outcome_consequence", company="A")


@pytest.mark.parametrize(
    ("language", "kind", "name", "says", "never"),
    [
        ("en", "growth", "", "not a warning and goes into no personnel file", "may end"),
        ("en", "success", "Success plan", "A formal plan with a written warning may come after that", "may end"),
        ("en", "formal", "Performance improvement plan", "is a written warning", "not a warning"),
        (
            "de",
            "growth",
            "Entwicklungsplan",
            "keine Abmahnung und kommt in keine Personalakte",
            "kann die Beschäftigung",
        ),
        (
            "de",
            "success",
            "Erfolgsplan",
            "kann ein förmlicher Plan mit schriftlicher Abmahnung folgen",
            "kann die Besch",
        ),
        ("de", "formal", "Leistungsplan mit Abmahnung", "ist eine schriftliche Abmahnung", "keine Abmahnung"),
    ],
)
def test_each_kind_says_what_it_is_and_what_may_follow(
    language: str, kind: str, name: str, says: str, never: str
) -> None:
    content = load(language, kind=kind)
    words = content.fill("text.outcome_consequence", company="Alderwick", manager="Marta")
    assert content.kind_name == name
    assert says in words
    assert never not in words


def test_a_formal_plan_that_denies_its_warning_does_not_go_to_hr(people: People, run: AnalysisRun) -> None:
    plan = stories.drafted(people, run, kind=PlanKind.FORMAL)
    text = section_text(draft_of(plan), "outcomes")
    for words, stopped in (("This plan is not a warning.", True), (text, False)):
        now = stamp(section_text(draft_of(Plan.objects.get()), "outcomes"))
        actions.change_text(plan=plan, section="outcomes", text=words, seen=now, by=people["manager"])
        stories.share(plan, people)
        if stopped:
            with pytest.raises(BadInput, match=r"What may follow.*This plan is a written warning"):
                stories.submit(plan, people)
    assert stories.submit(plan, people).state == PlanState.HR_REVIEW


def test_the_library_fits_the_gap_first_and_knows_what_is_taken(people: People, run: AnalysisRun) -> None:
    plan = stories.drafted(people, run)
    picks = picks_for(draft_of(plan), owners={"RevOps": "Tomás Oliveira"})
    fits = [pick.fits for pick in picks]
    assert fits == sorted(fits, reverse=True)
    assert {"spin", "challenger", "meddic", "sandler", "procurement_guide"} <= {pick.key for pick in picks}
    assert next(p for p in picks if p.key == "account_list").owner == "Tomás Oliveira"
    assert all(plan.start_on <= pick.due <= plan.last_on and pick.due.weekday() < 5 for pick in picks)
    browser = client_of(people["manager"])
    page = browser.get(f"/plans/{plan.pk}/").content.decode()
    assert "Pick from the library" in page
    chosen = next(pick for pick in picks if pick.key == "challenger")
    typed = {"text": chosen.text, "owner": chosen.owner, "due": chosen.due.isoformat(), "hours": "10.0"}
    assert browser.post(f"/plans/{plan.pk}/support/", typed).status_code == 302
    again = picks_for(draft_of(Plan.objects.get()))
    assert [pick.key for pick in again if pick.taken] == ["challenger"]


def test_nobody_is_asked_to_meet_on_days_off(people: People, run: AnalysisRun, own: Path) -> None:
    (own / "holidays.toml").write_text('days = [2026-06-04, "07-02"]\n')
    AbsenceRecord.objects.create(run=run, person_id="P7", start_on=date(2026, 6, 15), end_on=date(2026, 6, 29))
    AbsenceRecord.objects.create(run=run, person_id="M1", start_on=date(2026, 7, 9), end_on=date(2026, 7, 10))
    with clock.at(stories.on(stories.DAYS["draft"])):
        off = days_off(["P7", "M1"])
    window = window_from(date(2026, 5, 18), days=60, notice_days=14)
    meetings = [m.on for m in check_ins(window, weekday=3, days_off=off)]
    assert not set(meetings) & off
    assert date(2026, 6, 3) in meetings  # Thursday the 4th is a holiday: a day earlier
    assert not [on for on in meetings if date(2026, 6, 15) <= on < date(2026, 6, 29)]  # two weeks away: none
    assert date(2026, 7, 8) in meetings  # Marta is away on the 9th
    assert {date(2026, 7, 2), date(2027, 7, 2)} <= off
    assert all(on.weekday() < 5 for on in meetings)


def test_a_holiday_that_is_no_day_is_named(own: Path, db: None) -> None:
    (own / "holidays.toml").write_text('days = ["Easter"]\n')
    with pytest.raises(BadInput, match=r"no day: Easter\. Write it as 2026-04-03"):
        company_holidays()


def test_a_growth_plan_may_be_drafted_in_german_words(people: People, run: AnalysisRun) -> None:
    with clock.at(stories.on(stories.DAYS["draft"])):
        answer = client_of(people["manager"]).post("/people/P7/plan/new", {"kind": "growth", "language": "de"})
    assert answer.status_code == 302
    draft = draft_of(Plan.objects.get())
    assert (draft.language, Plan.objects.get().kind) == ("de", "growth")
    assert draft.start - date(2026, 5, 18) <= timedelta(days=21)
    assert "Dieser Plan" in draft.purpose[0].text


def test_german_says_everything_that_english_says_with_the_same_placeholders() -> None:
    import re
    import tomllib

    from headway.plans.content import OWN

    english, german = (tomllib.loads((OWN / f"plan.{code}.toml").read_text("utf-8")) for code in ("en", "de"))
    numbers = {"rules", "weights", "durations", "meta", "name", "word"}

    def words(tables: object, at: str = "") -> dict[str, str]:
        if isinstance(tables, dict):
            return {k: v for key, inner in tables.items() for k, v in words(inner, f"{at}.{key}").items()}
        if isinstance(tables, list):
            return {k: v for n, inner in enumerate(tables) for k, v in words(inner, f"{at}.{n}").items()}
        return {at: tables} if isinstance(tables, str) else {}

    ours = words({k: v for k, v in english.items() if k not in numbers})
    theirs = words({k: v for k, v in german.items() if k not in numbers})
    kept = re.compile(r"\.(?:unit|kind|activity|role|gaps\.\d+)$")  # keys, not words
    missing = [key for key in ours if key not in theirs and not kept.search(key)]
    assert missing == []
    named = {"{company}", "{manager}"}
    for key, text in theirs.items():
        free = named | ({"{plan}", "{name}"} if key.startswith(".letter.") else set())
        wanted, used = (set(re.findall(r"{[a-z_]+}", t)) for t in (ours[key], text))
        assert used <= wanted | free, key
        assert wanted - used <= {"{reason}", "{plan_inside}"}, key  # the analysis gives its reason in English


def test_a_german_plan_is_german_down_to_its_days_and_passes_its_own_language_check(
    people: People, run: AnalysisRun
) -> None:
    from headway.core.language import WordKind, vocabulary

    with clock.at(stories.on(stories.DAYS["draft"])):
        client_of(people["manager"]).post("/people/P7/plan/new", {"kind": "success", "language": "de"})
    plan = Plan.objects.get()
    draft = draft_of(plan)
    sections = ("purpose", "strengths", "how_we_talk", "success", "outcomes", "clear")
    text = " ".join(
        [p.text for section in sections for p in getattr(draft, section)]
        + [goal.text for goal in draft.goals] + [p.text + p.when for p in draft.promises]
    )  # fmt: skip
    assert plan.name == "Erfolgsplan"
    for english in (" the ", " and ", "Thursday", "June", " week", " by ", "every"):
        assert english not in text, english
    assert "Donnerstag" in text
    assert "Juni" in text
    grave = (WordKind.JUDGING, WordKind.BIASED)
    assert [hit.word for hit in vocabulary("de").findings(text, kinds=grave)] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Du musst deine Einstellung ändern.", ["Einstellung"]),
        ("Er ist immer zu spät und findet Ausreden.", ["immer", "Ausreden"]),
        ("Wegen der Elternzeit und der Fehlzeiten.", ["Elternzeit", "Fehlzeiten"]),
        ("Mehr Termine, möglichst bald.", ["Mehr", "möglichst", "bald"]),
        ("Das Krankenhaus in der Kinderklinik-Gruppe kauft 3 von 12.", []),
        ("Die Abschlussquote von 32 % auf 40 % steigern.", []),
    ],
)
def test_german_words(text: str, found: list[str]) -> None:
    from headway.core.language import vocabulary

    assert [hit.word for hit in vocabulary("de").findings(text)] == found
