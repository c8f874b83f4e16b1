"""Who may do what while a plan runs. Imported at start."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from headway.core.permissions import Reach, allow

BELOW, SELF, CASE, EVERYONE = Reach.BELOW, Reach.SELF, Reach.CASE, Reach.ANYONE

allow(
    "progress.view",
    words=_("see how a running plan goes"),
    rep=SELF,
    manager=BELOW,
    leader=BELOW,
    hr=CASE,
    system=EVERYONE,
)
allow("progress.measure", words=_("measure running plans"), revops=EVERYONE, admin=EVERYONE, system=EVERYONE)
allow("checkin.plan", words=_("put check-ins on the calendar"), system=EVERYONE)
allow("checkin.prepare", words=_("prepare the own page of a check-in"), rep=SELF)
allow("checkin.lead", words=_("write a check-in's notes"), manager=BELOW, leader=BELOW)
allow("checkin.move", words=_("move or skip a check-in"), rep=SELF, manager=BELOW, leader=BELOW)
allow("checkin.confirm", words=_("confirm a check-in's notes"), rep=SELF, manager=BELOW, leader=BELOW)
allow("agreement.keep", words=_("say that an agreement is kept"), rep=SELF, manager=BELOW, leader=BELOW)
allow("action.mark", words=_("say what was done of the own actions"), rep=SELF, manager=BELOW, leader=BELOW)
# Whoever promised something says when it was given; whose promise it is, the action looks at itself.
allow(
    "support.deliver",
    words=_("say that promised support was given"),
    rep=EVERYONE,
    manager=EVERYONE,
    leader=EVERYONE,
    hr=EVERYONE,
    revops=EVERYONE,
    admin=EVERYONE,
)
allow("support.answer", words=_("answer for support that was not given"), manager=BELOW, leader=BELOW)
allow("goal.count", words=_("write down what was counted for a goal"), rep=SELF, manager=BELOW, leader=BELOW)
allow("practice.score", words=_("score a role-play or a call"), manager=BELOW, leader=BELOW)
allow("practice.mark_own", words=_("mark one's own scored talk"), rep=SELF)
allow("halfday.hold", words=_("plan and write down a half-day side by side"), manager=BELOW, leader=BELOW)
allow("win.celebrate", words=_("celebrate a win"), rep=SELF, manager=BELOW, leader=BELOW)
allow("notice.tell", words=_("tell people what they can mend"), system=EVERYONE)
allow(
    "mail.choose",
    words=_("choose which mail to get and when"),
    rep=EVERYONE,
    manager=EVERYONE,
    leader=EVERYONE,
    hr=EVERYONE,
    revops=EVERYONE,
    admin=EVERYONE,
)
