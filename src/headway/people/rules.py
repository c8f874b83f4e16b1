"""Who may see and change people."""

from __future__ import annotations

from headway.core.permissions import Reach, allow

EVERYONE, SELF, BELOW, CASE = Reach.ANYONE, Reach.SELF, Reach.BELOW, Reach.CASE

allow(
    "people.sync",
    words="bring the list of people in line with a load",
    revops=EVERYONE,
    admin=EVERYONE,
    system=EVERYONE,
)
allow("people.invite", words="give people access", admin=EVERYONE, system=EVERYONE)
allow(
    "person.view",
    words="see a person's figures",
    rep=SELF,
    manager=BELOW,
    leader=BELOW,
    hr=CASE,
    system=EVERYONE,
)
allow("audit.view", words="read the record of who saw and did what", hr=EVERYONE, system=EVERYONE)
allow("company.edit", words="change the company's settings", admin=EVERYONE, system=EVERYONE)
allow(
    "company.view",
    words="see the company's settings",
    admin=EVERYONE,
    revops=EVERYONE,
    hr=EVERYONE,
    system=EVERYONE,
)
allow(
    "overview.view",
    words="see how many people need what, without names",
    leader=EVERYONE,
    hr=EVERYONE,
    revops=EVERYONE,
    admin=EVERYONE,
    system=EVERYONE,
)
