"""Letters are sent once, whoever dies when. The mail server is a real one on the loopback."""

from __future__ import annotations

import os
import signal
import smtplib
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.test import override_settings
from django.utils import timezone

from headway.core import clock, outbox, rounds
from headway.core.models import Company, Letter

pytestmark = pytest.mark.django_db(transaction=True)


class Post(socketserver.ThreadingTCPServer):
    """A mail server that keeps what it accepts; refuses addresses that begin with "nobody"."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.accepted: list[str] = []
        self.busy = False


class _Talk(socketserver.StreamRequestHandler):
    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        assert isinstance(self.server, Post)
        self.say("421 busy" if self.server.busy else "220 here")
        while line := self.rfile.readline().decode().strip():
            word = line.upper()
            if word.startswith("DATA"):
                self.say("354 go on")
                text = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.accepted.append(text.decode())
                self.say("250 kept")
            elif word.startswith("QUIT"):
                self.say("221 bye")
                return
            elif word.startswith("RCPT TO:<NOBODY"):
                self.say("550 no such person")
            else:
                self.say("250 ok")


@pytest.fixture
def post() -> Iterator[Post]:
    with Post() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        with override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=port
        ):
            yield server
        server.shutdown()


def letter(key: str = "k1", to: str = "j@x.example", **more: object) -> Letter:
    outbox.put(key=key, to=to, subject="Tomorrow", body="At 14:00.", **more)  # type: ignore[arg-type]
    return Letter.objects.get(key=key)


def test_a_letter_arrives_once_with_its_invitation(post: Post) -> None:
    letter(calendar="BEGIN:VCALENDAR", stop_link="http://x.example/stop")
    letter()  # the same key again changes nothing
    assert outbox.deliver_due().sent == 1
    assert outbox.deliver_due() == outbox.Delivered()
    assert len(post.accepted) == 1
    text = post.accepted[0]
    assert "To: j@x.example" in text
    assert "List-Unsubscribe: <http://x.example/stop>" in text
    assert "text/calendar" in text
    assert outbox.message_id(Letter.objects.get()) in text


def test_what_is_not_due_waits(post: Post) -> None:
    letter(due_at=clock.now() + timedelta(hours=1))
    assert outbox.deliver_due().sent == 0
    with clock.at(clock.now() + timedelta(hours=2)):
        assert outbox.deliver_due().sent == 1


def test_a_busy_server_is_tried_again_later_and_an_unknown_address_is_given_up(post: Post) -> None:
    letter()
    post.busy = True
    assert outbox.deliver_due().failed == 1
    assert outbox.deliver_due() == outbox.Delivered()  # it pauses
    Letter.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    post.busy = False
    assert outbox.deliver_due().sent == 1
    letter("k2", to="nobody@x.example")
    assert outbox.deliver_due().failed == 1
    lost = Letter.objects.get(key="k2")
    assert lost.gave_up_at is not None
    assert "no such person" in lost.trouble


def test_two_workers_at_once_send_each_letter_once() -> None:
    """Each claims in a transaction of its own; nobody else may take a letter that is claimed."""
    for n in range(6):
        letter(f"k{n}")
    seen: list[str] = []

    def send(one: Letter) -> None:
        seen.append(one.key)
        if len(seen) == 1:  # while the first is being sent, another worker comes by
            outbox.deliver_due(send=lambda other: seen.append(other.key))

    outbox.deliver_due(send=send)
    assert sorted(seen) == [f"k{n}" for n in range(6)]


def test_who_dies_before_sending_leaves_the_letter_to_the_next(post: Post) -> None:
    letter()

    def die(_letter: Letter) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        outbox.deliver_due(send=die)
    assert outbox.deliver_due() == outbox.Delivered()  # the lease still holds
    Letter.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert outbox.deliver_due().sent == 1
    assert len(post.accepted) == 1


def test_a_letter_sent_again_is_known_as_the_same() -> None:
    """Killed between "accepted" and our mark: sent again, under the same Message-ID."""
    one = letter()
    ids = set()
    for _turn in range(2):
        outbox.deliver_due()
        Letter.objects.update(sent_at=None, claimed_until=None)
        ids.add(mail.outbox[-1].extra_headers["Message-ID"])
    assert ids == {outbox.message_id(one)}


def test_a_demo_company_sends_nothing(post: Post) -> None:
    Company.objects.create(name="Alderwick", is_demo=True)
    letter()
    assert outbox.deliver_due().held_back == 1
    assert post.accepted == []
    assert Letter.objects.get().held_back


KILLED = """
import os, django
django.setup()
from headway.core import outbox
def send(letter):
    {before}
    outbox.by_mail(letter)
outbox.deliver_due(send=send)
"""


@pytest.mark.skipif(os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="the child finds SQLite by file")
def test_killed_in_the_middle_of_sending_nothing_is_lost_or_doubled(post: Post, tmp_path: object) -> None:
    """kill -9 of a child between claim and sending, three times; then a healthy one sends each letter once."""
    env = {**os.environ, "HEADWAY_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "headway.config.settings",
           "HEADWAY_SMTP_HOST": "127.0.0.1", "HEADWAY_SMTP_PORT": str(post.server_address[1]),
           "HEADWAY_EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend"}  # fmt: skip

    def child(code: str) -> int:
        return subprocess.run([sys.executable, "-c", code], env=env, check=False, capture_output=True).returncode

    setup = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from headway.core import outbox
for n in range(3): outbox.put(key=f"k{n}", to="j@x.example", subject=f"Letter {n}", body="x")
"""
    assert child(setup) == 0
    for _turn in range(3):
        assert child(KILLED.format(before="os.kill(os.getpid(), 9)")) == -signal.SIGKILL
    free = """
import django; django.setup()
from headway.core.models import Letter
Letter.objects.update(claimed_until=None)
"""
    assert child(free + "from headway.core import outbox; outbox.deliver_due()") == 0
    assert child(free + "from headway.core import outbox; outbox.deliver_due()") == 0
    assert sorted(text.split("Subject: ")[1][:8] for text in post.accepted) == ["Letter 0", "Letter 1", "Letter 2"]


def test_rounds_are_made_once_a_day_and_again_after_a_broken_one(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(rounds, "_ROUNDS", {})
    rounds.every_day("one", lambda: made.append("one"))
    with clock.at(clock.now()):
        assert rounds.make_rounds() == ["one"]
        assert rounds.make_rounds() == []
    rounds.every_day("two", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        rounds.make_rounds()
    rounds.every_day("two", lambda: made.append("two"))
    assert rounds.make_rounds() == ["two"]


def test_the_server_is_a_real_one(post: Post) -> None:
    with smtplib.SMTP("127.0.0.1", post.server_address[1]) as line:
        assert line.noop()[0] == 250
