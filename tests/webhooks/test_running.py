"""Check-ins, support and the end of a plan are told outside: ids and days, no words, no name, not which outcome."""

from __future__ import annotations

import json
from datetime import date

from headway.core import clock
from headway.core.actors import SYSTEM
from headway.core.models import Delivery
from headway.core.webhooks.actions import subscribe
from headway.core.webhooks.published import PUBLISHED
from headway.people.models import User
from headway.plans.states import PlanState
from headway.running import telling
from headway.running.actions import check_ins, coaching, ledger, measuring
from headway.running.ledger import REGULAR
from tests.outcomes.conftest import confirmed
from tests.plans.conftest import people, run
from tests.plans.stories import on, plan_in

__all__ = ["people", "run"]
TODAY, LAST_DAY = date(2026, 6, 18), date(2026, 8, 31)
SECRET = "Words nobody outside may read"


def told() -> dict[str, dict[str, object]]:
    return {row.event: json.loads(row.body)["data"] for row in Delivery.objects.order_by("pk")}


def test_a_running_plan_is_told(people: dict[str, User], run: object) -> None:
    plan = plan_in(PlanState.ACTIVE, people=people, run=run)  # type: ignore[arg-type]
    manager, rep = people["manager"], people["rep"]
    subscribe(address="http://127.0.0.1:1/x", name="x", by=User.objects.create(email="a@x.example", role="admin"))
    with clock.at(on(TODAY)):
        check_ins.schedule_check_ins(plan=plan, by=SYSTEM)
        first, second, third = plan.meetings.all()[:3]
        check_ins.save_review(check_in=third, review=check_ins.Review(worked=SECRET), seen_version=0, by=rep)
        check_ins.share_review(check_in=third, by=rep)
        held = check_ins.hold_check_in(check_in=first, held_on=first.on, by=manager)
        check_ins.confirm_notes(check_in=held, seen_version=0, by=rep)
        check_ins.skip_check_in(check_in=second, why=SECRET, by=manager)
        made = check_ins.agree(check_in=third, text=SECRET, side="rep", owner="J", due=date(2026, 6, 25), by=manager)
        check_ins.keep_agreement(agreement=made, done_on=TODAY, by=rep)
        check_ins.move_check_in(check_in=third, to=date(2026, 6, 22), at=None, why=SECRET, by=rep)
        due = plan.promises.exclude(source=REGULAR).order_by("pk")
        ledger.give_support(promise=due[0], on=TODAY, note=SECRET, by=manager)
        ledger.answer_support(plan=plan, key=due[1].key, answer=SECRET, by=manager)
        ledger.celebrate(plan=plan, text=SECRET, on=TODAY, by=manager)
        half_day = coaching.plan_half_day(plan=plan, on=TODAY, appointments=[coaching.Appointment(SECRET)], by=manager)
        seen = coaching.HalfDayFound(TODAY, [SECRET], [SECRET])
        coaching.hold_half_day(half_day=half_day, found=seen, by=manager)
        measuring.score_practice(
            plan=plan, kind="role_play", competency="discovery", marks=[(SECRET, 3.0)], held_on=TODAY, by=manager
        )
    found = told()
    assert set(found) >= {*telling.OF_CHECK_INS, *telling.OF_BOTH_SIDES, *telling.OF_COACHING}
    assert found["checkin.skipped"] == {
        "plan": plan.pk, "person_id": "P7", "number": 2, "on": second.on.isoformat(), "state": "skipped"
    }  # fmt: skip
    assert all(SECRET not in row.body and "Jonas" not in row.body for row in Delivery.objects.all())


def test_the_end_is_told_without_the_outcome(people: dict[str, User], run: object) -> None:
    plan = plan_in(PlanState.ACTIVE, people=people, run=run)  # type: ignore[arg-type]
    subscribe(address="http://127.0.0.1:1/x", name="x", by=User.objects.create(email="a@x.example", role="admin"))
    with clock.at(on(LAST_DAY)):
        confirmed(plan, people)
    found = told()
    assert {"outcome.proposed", "outcome.answered", "outcome.confirmed"} <= set(found)
    assert "outcome.prepared" not in PUBLISHED
    assert "relapse.seen" not in PUBLISHED
    assert found["outcome.confirmed"]["stage"] == "confirmed"
    assert all("partly" not in row.body and "talks" not in row.body for row in Delivery.objects.all())
