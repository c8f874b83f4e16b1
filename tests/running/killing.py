"""Ends processes at chosen moments, for `test_killed`: a company on SQLite, a mail server, and one fork per moment.

Run as a program it plays every moment: the records are put back to the beginning, a forked process acts and ends with
`os._exit` right before or after one call (nothing is tidied up, as after kill -9), a second one does what people and
the worker do next and looks at what is there. Prints one JSON document: moment -> "" or what was wrong.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socketserver
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

KILLED = 9
HOME = Path(os.environ["HEADWAY_HOME"])
RECORDS, KEPT, MAILS = HOME / "records.sqlite3", HOME / "kept.sqlite3", HOME / "mails.txt"


class Session(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a client needs; the Message-ID of each letter goes into a file once it is accepted."""

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def handle(self) -> None:
        self.say("220 localhost")
        while line := self.rfile.readline():
            word = line.strip().upper()[:4]
            if word == b"QUIT":
                self.say("221 bye")
                return
            if word == b"DATA":
                self.say("354 go on")
                self.letter()
            self.say("250 fine")

    def letter(self) -> None:
        text = b""
        while (row := self.rfile.readline()) and row != b".\r\n":
            text += row
        found = next(row for row in text.decode().split("\r\n") if row.lower().startswith("message-id"))
        with MAILS.open("a") as kept:
            kept.write(found + "\n")


def post_office() -> int:
    """A mail server in a process of its own; its port."""
    socketserver.ThreadingTCPServer.daemon_threads = True
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
    pid = os.fork()
    if pid == 0:
        server.serve_forever()
    server.server_close()
    global OFFICE
    OFFICE = pid
    return int(server.server_address[1])


OFFICE = 0


def sent() -> Counter[str]:
    """How often each letter arrived."""
    return Counter(MAILS.read_text().split("\n")[:-1]) if MAILS.exists() else Counter()


@contextmanager
def dying(path: str, *, before: bool = True, turn: int = 1) -> Iterator[None]:
    """End this process right before (or after) the turn-th call of a function named by module and name."""
    from django.utils.module_loading import import_string

    owner, name = path.rsplit(".", 1)
    try:
        holder: Any = sys.modules[owner]
    except KeyError:
        holder = import_string(owner)
    whole, calls = getattr(holder, name), 0

    def instead(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == turn and before:
            os._exit(KILLED)
        found = whole(*args, **kwargs)
        if calls == turn:
            os._exit(KILLED)
        return found

    setattr(holder, name, instead)
    yield
    setattr(holder, name, whole)


def forked(function: Callable[[], None]) -> tuple[int, str]:
    """Do something in a process of its own: its exit code, and what went wrong in it."""
    from django.db import connections

    connections.close_all()
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        try:
            function()
            code = 0
        except BaseException:
            os.write(write, traceback.format_exc()[-3000:].encode())
            code = 1
        os._exit(code)
    os.close(write)
    with os.fdopen(read) as words:
        text = words.read()
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), text


def moment(day: int, hour: int = 9, month: int = 6) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


# --- the company -------------------------------------------------------------------------------------------


def company() -> None:
    """Jonas's plan, running since 1 June 2026, with its check-ins."""
    from headway.core.actors import SYSTEM
    from headway.core.models import Company
    from headway.detection import serialise
    from headway.detection.models import SignalRecord
    from headway.metrics.models import AnalysisRun
    from headway.people.models import Person, User
    from headway.plans.states import PlanState
    from headway.running.actions.check_ins import schedule_check_ins
    from tests.plans.jonas import AS_OF
    from tests.plans.jonas import signal as jonas_signal
    from tests.plans.stories import plan_in

    Company.objects.create(name="Alderwick", currency="EUR")
    olav = Person.objects.create(person_id="L1", name="Olav Berg", role="leader")
    marta = Person.objects.create(person_id="M1", name="Marta Lindqvist", role="manager", manager=olav)
    jonas = Person.objects.create(person_id="P7", name="Jonas Weber", role="rep", manager=marta, team="North")
    hanne = Person.objects.create(person_id="H1", name="Hanne Dijkstra", role="hr")
    people = {
        who.role: User.objects.create(email=f"{who.pk}@x.example", name=who.name, role=who.role, person=who)
        for who in (olav, marta, jonas, hanne)
    }
    run = AnalysisRun.objects.create(
        as_of=AS_OF, facts_version=1, facts_hash="x", code_version="1", policy_version="p", metrics_version="m",
        finished_at=datetime.now(UTC),
    )  # fmt: skip
    entry = jonas_signal()
    SignalRecord.objects.create(
        run=run, person_id="P7", evaluable=True, tier=entry.tier, finding=entry.finding,
        payload=serialise.to_json(entry),
    )  # fmt: skip
    plan = plan_in(PlanState.ACTIVE, people=people, run=run)
    schedule_check_ins(plan=plan, by=SYSTEM)


def who(role: str) -> Any:
    from headway.people.models import User

    return User.objects.get(role=role)


def plan() -> Any:
    from headway.plans.models import Plan

    return Plan.objects.get()


def check_in(number: int = 3) -> Any:
    return plan().meetings.select_related("plan").get(number=number)


def whole() -> None:
    """The record's chain holds."""
    from headway.core import audit

    assert audit.verify().whole


def entries(event: str) -> int:
    from headway.core.models import AuditEntry

    return AuditEntry.objects.filter(event=event).count()


# --- what is done, and what is looked at afterwards --------------------------------------------------------


def save_words() -> None:
    from headway.core import clock
    from headway.running.actions.check_ins import Review, save_review

    with clock.at(moment(17)):
        save_review(check_in=check_in(), review=Review(worked="Asked first"), seen_version=0, by=who("rep"))


def words_once() -> None:
    """Nothing was kept, so the browser sends it again; then it is there once."""
    assert (check_in().review_version, entries("checkin.review_saved")) == (0, 0)
    save_words()
    assert (check_in().worked, check_in().review_version, entries("checkin.review_saved")) == ("Asked first", 1, 1)


def words_kept() -> None:
    """It was kept; sending it again is refused as seen elsewhere, and nothing is doubled."""
    from headway.core.errors import Conflict

    assert (check_in().worked, entries("checkin.review_saved")) == ("Asked first", 1)
    try:
        save_words()
    except Conflict:
        pass
    else:
        raise AssertionError("an old page must not overwrite")
    assert check_in().review_version == 1


def remind() -> None:
    from headway.core import clock
    from headway.core.actors import SYSTEM
    from headway.running import reminding

    with clock.at(moment(17)):
        reminding.remind(by=SYSTEM)


def deliver() -> None:
    from headway.core import clock, outbox

    with clock.at(moment(19, 12)):
        outbox.deliver_due()


def remind_and_deliver() -> None:
    remind()
    deliver()


def leases_over() -> None:
    """Five minutes pass: what a dead worker had claimed is free again."""
    from django.utils import timezone

    from headway.core.models import Letter

    Letter.objects.exclude(claimed_until=None).update(claimed_until=timezone.now() - timedelta(seconds=1))


def each_letter_once() -> None:
    """The next worker tells and sends what is missing; every letter arrived exactly once."""
    leases_over()
    remind_and_deliver()
    remind_and_deliver()
    _all_there(most=1)


def same_letter_again() -> None:
    """Killed between the server's "accepted" and our mark: the same letter, by its Message-ID, and no other, twice."""
    leases_over()
    remind_and_deliver()
    _all_there(most=2)
    assert sum(sent().values()) == len(sent()) + 1


def _all_there(*, most: int) -> None:
    from headway.core.models import Letter
    from headway.core.outbox import message_id

    letters = list(Letter.objects.all())
    assert len(letters) >= 4
    assert not [row.key for row in letters if row.sent_at is None]
    wanted = {f"Message-ID: {message_id(row)}" for row in letters}
    assert set(sent()) == wanted, (sent(), wanted)
    assert max(sent().values()) <= most


def measure() -> None:
    from headway.core import clock
    from headway.core.actors import SYSTEM
    from headway.running.actions.measuring import keep_snapshots
    from headway.running.models import GoalSnapshot

    with clock.at(moment(18)):
        rows = [
            GoalSnapshot(
                plan=plan(), goal_key=goal.key, as_of=date(2026, 6, 17), facts_version=1, metric_key=goal.metric_key,
                metric_version="1", value=1.0, status="cannot_tell", made_at=clock.now(),
            )
            for goal in plan().goals.all()
        ]  # fmt: skip
        keep_snapshots(snapshots=rows, by=SYSTEM)


def measured_once() -> None:
    assert plan().snapshots.count() == 0, "half a measuring must not stay"
    measure()
    measure()
    assert plan().snapshots.count() == plan().goals.count()


def prepare() -> Any:
    from headway.core import clock
    from headway.outcomes import actions

    with clock.at(moment(31, month=8)):
        return actions.prepare_evaluation(plan=plan(), by=who("manager"))


def propose() -> None:
    from headway.core import clock
    from headway.outcomes import actions
    from headway.outcomes.models import Evaluation
    from headway.outcomes.states import Outcome

    made = Evaluation.objects.filter(stage="prepared").first() or prepare()
    with clock.at(moment(31, 10, month=8)):
        chosen = actions.OutcomeChosen(Outcome.PARTLY, "Two of four.", made.prepared_hash)
        actions.propose_outcome(evaluation=made, chosen=chosen, by=who("manager"))


def proposed_once() -> None:
    from headway.outcomes.models import Evaluation, EvaluationStep

    assert (Evaluation.objects.get().stage, EvaluationStep.objects.count()) == ("prepared", 0)
    propose()
    assert (Evaluation.objects.get().stage, EvaluationStep.objects.count()) == ("proposed", 1)


def confirm() -> None:
    from headway.core import clock
    from headway.outcomes import actions
    from headway.outcomes.models import Evaluation

    propose()
    with clock.at(moment(1, month=9)):
        made = actions.answer_outcome(evaluation=Evaluation.objects.get(), words="Fair.", by=who("rep"))
    with clock.at(moment(2, month=9)):
        actions.confirm_outcome(evaluation=made, words="Like others.", by=who("hr"))


def looked_after() -> None:
    """The outcome holds; the day's round plans the refreshers that the dead process did not."""
    from headway.core import clock
    from headway.outcomes.jobs import daily
    from headway.outcomes.models import Evaluation

    assert (Evaluation.objects.get().stage, plan().state) == ("confirmed", "closed")
    assert plan().follow_ups.count() == 0
    with clock.at(moment(3, month=9)):
        daily()
        daily()
    assert plan().follow_ups.count() == 5


def take_case() -> None:
    from headway.core import clock
    from headway.outcomes.case_file import case_file

    with clock.at(moment(18)):
        case_file(plan(), by=who("hr"))


def case_taken_once() -> None:
    assert entries("outcome.case_file_made") == 0
    take_case()
    assert entries("outcome.case_file_made") == 1


def pause() -> None:
    from headway.core import clock
    from headway.plans import actions

    with clock.at(moment(22)):
        actions.pause_plan(
            plan=plan(), from_on=date(2026, 6, 22), expected_back_on=None, reason="leave", by=who("manager")
        )


def resume() -> None:
    from headway.core import clock
    from headway.plans import actions

    with clock.at(moment(6, month=7)):
        actions.resume_plan(plan=plan(), back_on=date(2026, 7, 6), by=who("manager"))


def pause_and_resume() -> None:
    pause()
    resume()


def resumed_once() -> None:
    """Still paused, with its old days; then it goes on, moved by two weeks once."""
    assert plan().state == "paused"
    last = plan().last_on
    resume()
    _calendar_in_line()
    assert plan().last_on == last + timedelta(days=14)


def calendar_follows() -> None:
    """It goes on; the day's round brings the calendar in line, which the dead process did not."""
    assert plan().state == "active"
    _calendar_in_line()


def _calendar_in_line() -> None:
    from headway.core import clock
    from headway.running.jobs import daily

    with clock.at(moment(6, 10, month=7)):
        daily()
    wanted = [one["on"] for one in plan().body["check_ins"]]
    assert [row.planned_on.isoformat() for row in plan().meetings.order_by("number")] == wanted


def consent() -> None:
    from headway.core import clock
    from headway.plans import actions
    from headway.plans.amending import AmendedPlan, GoalAmended

    with clock.at(moment(18)):
        change = AmendedPlan({"revenue": GoalAmended(target=120_000)})
        made = actions.propose_amendment(plan=plan(), change=change, reason="Ill", by=who("manager"))
        sign(made)


def sign(made: Any) -> None:
    from headway.plans import actions

    typed = actions.SignatureTyped(who("rep").name, True, made.version.content_hash)
    actions.consent_to_amendment(plan=plan(), typed=typed, by=who("rep"))


def signed_once() -> None:
    from headway.core import clock
    from headway.plans.models import Amendment

    made = Amendment.objects.get()
    assert (made.state, plan().goals.get(key="revenue").target != 120_000) == ("proposed", True), "nothing half-signed"
    with clock.at(moment(18, 12)):
        sign(made)
    assert (Amendment.objects.get().state, plan().goals.get(key="revenue").target) == ("accepted", 120_000)


# Moment -> what is done, the call at which the process ends, before it or after, at which turn; what holds afterwards.
MOMENTS: dict[str, tuple[Callable[[], Any], str, bool, int, Callable[[], None]]] = {
    "words typed, before their line of the record": (save_words, "headway.core.audit.append", True, 1, words_once),
    "words kept, before the answer": (save_words, "headway.core.events.tell", True, 1, words_kept),
    "notices kept, before the first letter": (remind, "headway.core.outbox.put", True, 1, each_letter_once),
    "half the letters written": (remind, "headway.core.outbox.put", False, 2, each_letter_once),
    "letters written, none sent": (remind_and_deliver, "headway.core.outbox._claim", True, 1, each_letter_once),
    "a letter claimed, before it is sent": (
        remind_and_deliver, "django.core.mail.message.EmailMessage.send", True, 2, each_letter_once),
    "between two letters": (remind_and_deliver, "headway.core.outbox._mark", False, 2, each_letter_once),
    "a letter accepted, before our mark": (remind_and_deliver, "headway.core.outbox._mark", True, 2, same_letter_again),
    "goals measured, before the record": (measure, "headway.core.audit.append", True, 1, measured_once),
    "an outcome's words, before its stage": (
        propose, "headway.outcomes.models.Evaluation.save", True, 2, proposed_once),
    "an outcome confirmed, before refreshers": (
        confirm, "headway.outcomes.actions.end_plan", True, 2, looked_after),
    "a case file made, before its line": (take_case, "headway.core.audit.append", True, 1, case_taken_once),
    "a plan going on, before its version": (
        pause_and_resume, "headway.plans.actions.life.keep_version", True, 1, resumed_once),
    "a plan going on, before its calendar": (
        pause_and_resume, "headway.running.actions.check_ins.schedule_check_ins", True, 1, calendar_follows),
    "a change signed, before its signature": (consent, "headway.plans.actions.amending.sign", True, 1, signed_once),
}  # fmt: skip


def restore() -> None:
    """Everything as it was at the beginning."""
    for end in ("-wal", "-shm"):
        Path(f"{RECORDS}{end}").unlink(missing_ok=True)
    shutil.copy(KEPT, RECORDS)
    MAILS.unlink(missing_ok=True)


def played(name: str) -> str:
    """What is wrong after a moment; nothing if all is well."""
    act, path, before, turn, after = MOMENTS[name]
    restore()

    def until_killed() -> None:
        with dying(path, before=before, turn=turn):
            act()

    def afterwards() -> None:
        after()
        whole()

    code, words = forked(until_killed)
    if code != KILLED:
        return f"the moment never came (exit {code})\n{words}"
    code, words = forked(afterwards)
    return words if code else ""


def main() -> None:
    os.environ["HEADWAY_SMTP_PORT"] = str(post_office())
    try:
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection, connections

        call_command("migrate", verbosity=0)
        company()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connections.close_all()
        shutil.copy(RECORDS, KEPT)
        import headway.outcomes.case_file
        import headway.running.jobs
        import headway.running.reminding  # noqa: F401

        sys.stdout.write(json.dumps({name: played(name) for name in MOMENTS}))
    finally:
        os.kill(OFFICE, signal.SIGKILL)


if __name__ == "__main__":
    main()
