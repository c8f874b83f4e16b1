"""A policy is proposed by one, tried by the program, adopted by another; everything is on record."""

from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from headway.core import audit
from headway.core.actors import SYSTEM
from headway.core.errors import BadInput, Conflict, NotAllowed
from headway.core.models import AuditEntry
from headway.detection.actions import adopt_policy, keep_dry_run, propose_policy, turn_down_policy
from headway.detection.models import PolicyVersion
from headway.detection.policy import DEFAULT
from headway.detection.policy_file import as_text, policy_of
from headway.detection.policy_queries import dry_run_for, policy_in_force
from headway.detection.triggers.dry_run import DryRun, LevelChange
from headway.people.actions import PersonRow, give_access, sync_people
from headway.people.models import User

pytestmark = pytest.mark.django_db
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "policy" / "policy.toml"
TEXT = 'version = "2026-1"\nsupport_false_discovery = 0.0\n'


@pytest.fixture
def users() -> dict[str, User]:
    sync_people(rows=[PersonRow("H", "Hanne", role="hr"), PersonRow("M", "Mia", role="manager")], by=SYSTEM)
    roles = ("hr", "revops", "manager", "admin")
    return {role: give_access(email=f"{role}@x.example", role=role, by=SYSTEM).user for role in roles}


def proposed(by: User) -> PolicyVersion:
    return propose_policy(text=TEXT, reason="We name too many.", by=by)


def tried(policy: PolicyVersion) -> PolicyVersion:
    changes = (LevelChange("A", "support", "watch"), LevelChange("B", "none", "watch"))
    result = DryRun(date(2026, 5, 17), policy.version, DEFAULT.version, 12, (), changes)
    return keep_dry_run(policy=policy, result=result, by=SYSTEM)


def test_two_people_change_a_policy(users: dict[str, User]):
    policy = tried(proposed(users["revops"]))
    assert policy_in_force() == DEFAULT
    with pytest.raises(NotAllowed, match="does not adopt"):
        adopt_policy(policy=policy, reason="", by=users["revops"])
    assert policy_in_force() == DEFAULT
    adopt_policy(policy=policy, reason="Read the dry run.", by=users["hr"])
    assert policy_in_force().version == "2026-1"
    events = list(AuditEntry.objects.filter(event__startswith="policy.").order_by("pk").values_list("event", flat=True))
    assert events == ["policy.proposed", "policy.tried", "policy.adopted"]
    assert audit.verify().whole


def test_a_new_policy_replaces_the_old_one(users: dict[str, User]):
    adopt_policy(policy=tried(proposed(users["revops"])), reason="", by=users["hr"])
    text = TEXT.replace("2026-1", "2026-2")
    second = tried(propose_policy(text=text, reason="Again.", by=users["hr"]))
    adopt_policy(policy=second, reason="", by=users["revops"])
    states = dict(PolicyVersion.objects.values_list("version", "state"))
    assert states == {"2026-1": "replaced", "2026-2": "adopted"}


def test_what_was_not_tried_is_not_adopted(users: dict[str, User]):
    policy = proposed(users["revops"])
    with pytest.raises(Conflict, match="not been tried"):
        adopt_policy(policy=policy, reason="", by=users["hr"])
    policy.refresh_from_db()
    assert policy.state == "proposed"


@pytest.mark.parametrize("role", ["manager", "admin"])
def test_others_may_not_propose(users: dict[str, User], role: str):
    with pytest.raises(NotAllowed):
        proposed(users[role])
    assert not PolicyVersion.objects.exists()


def test_a_version_is_used_once_and_has_a_reason(users: dict[str, User]):
    proposed(users["revops"])
    with pytest.raises(Conflict, match="already"):
        proposed(users["hr"])
    with pytest.raises(BadInput, match="needs a reason"):
        propose_policy(text=TEXT.replace("2026-1", "x"), reason=" ", by=users["hr"])
    assert PolicyVersion.objects.count() == 1


def test_a_proposal_is_turned_down_with_a_reason(users: dict[str, User]):
    policy = proposed(users["revops"])
    with pytest.raises(BadInput):
        turn_down_policy(policy=policy, reason="", by=users["hr"])
    turn_down_policy(policy=policy, reason="Names nobody.", by=users["hr"])
    with pytest.raises(Conflict):
        turn_down_policy(policy=policy, reason="Again.", by=users["hr"])


def test_names_are_shown_to_those_who_may_see_them(users: dict[str, User]):
    policy = tried(proposed(users["revops"]))
    everything, counts = dry_run_for(SYSTEM, policy.dry_run), dry_run_for(users["revops"], policy.dry_run)
    assert everything.changes == counts.changes > 0
    assert len(everything.moves) == everything.changes
    assert counts.moves == ()


def test_a_policy_is_written_as_it_is_read():
    example = policy_of(EXAMPLE.read_text())
    assert policy_of(as_text(example).replace('version = ""', 'version = "example-1"')) == example


def test_the_pages_walk_from_proposal_to_force(users: dict[str, User]):
    office, hr = Client(), Client()
    office.force_login(users["revops"])
    hr.force_login(users["hr"])
    wrong = office.post("/policy/propose/", {"text": TEXT.replace("support", "suport"), "reason": "Why."})
    assert "Did you mean support_false_discovery?" in wrong.content.decode()
    assert "suport_false_discovery = 0.0" in wrong.content.decode()  # nothing typed is lost
    assert office.post("/policy/propose/", {"text": TEXT, "reason": "We name too many."}).status_code == 302
    waiting = hr.get("/policy/2026-1/").content.decode()
    assert "being tried" in waiting
    tried(PolicyVersion.objects.get())
    assert "changes the level of 2 people" in hr.get("/policy/2026-1/").content.decode()
    own = office.post("/policy/2026-1/", {"decision": "adopt", "reason": ""})
    assert "does not adopt" in own.content.decode()
    assert hr.post("/policy/2026-1/", {"decision": "adopt", "reason": "Read it."}).status_code == 302
    assert "Policy 2026-1 is in force" in office.get("/policy/").content.decode()
