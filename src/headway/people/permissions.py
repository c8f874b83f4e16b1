"""Who may see and change people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from headway.core.permissions import Reach, allow

EVERYONE, SELF, BELOW, CASE = Reach.ANYONE, Reach.SELF, Reach.BELOW, Reach.CASE

allow(
    "people.sync",
    words=_("bring the list of people in line with a load"),
    revops=EVERYONE,
    admin=EVERYONE,
    system=EVERYONE,
)
allow("people.invite", words=_("give people access"), admin=EVERYONE, system=EVERYONE)
allow(
    "person.view",
    words=_("see a person's figures"),
    rep=SELF,
    manager=BELOW,
    leader=BELOW,
    hr=CASE,
    system=EVERYONE,
)
allow(
    "figures.view",
    words=_("see a person's metrics and what they are made of, but no finding and no plan"),
    rep=SELF,
    manager=BELOW,
    leader=BELOW,
    hr=CASE,
    revops=EVERYONE,
    system=EVERYONE,
)
allow("audit.view", words=_("read the record of who saw and did what"), hr=EVERYONE, system=EVERYONE)
allow("company.edit", words=_("change the company's settings"), admin=EVERYONE, system=EVERYONE)
allow(
    "company.view",
    words=_("see the company's settings"),
    admin=EVERYONE,
    revops=EVERYONE,
    hr=EVERYONE,
    system=EVERYONE,
)
allow(
    "overview.view",
    words=_("see how many people need what, without names"),
    leader=EVERYONE,
    hr=EVERYONE,
    revops=EVERYONE,
    admin=EVERYONE,
    system=EVERYONE,
)
