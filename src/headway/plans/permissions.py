"""Who may do what with plans. Imported at start."""

from django.utils.translation import gettext_lazy as _

from headway.core.permissions import Reach, allow

BELOW, SELF, CASE, EVERYONE = Reach.BELOW, Reach.SELF, Reach.CASE, Reach.ANYONE

allow("plan.draft", words=_("start a plan"), manager=BELOW, leader=BELOW, system=EVERYONE)
allow("plan.edit", words=_("change a plan"), manager=BELOW, leader=BELOW)
# What a rep or HR may see also depends on the plan's state and kind: see states.VISIBLE and queries.
allow("plan.view", words=_("see a plan"), rep=SELF, manager=BELOW, leader=BELOW, hr=CASE, system=EVERYONE)
allow("plan.share", words=_("share a plan with the person"), manager=BELOW, leader=BELOW)
allow("plan.comment", words=_("comment on a plan"), rep=SELF, manager=BELOW, leader=BELOW, hr=CASE)
allow("plan.propose", words=_("propose a change to the own plan"), rep=SELF)
allow("plan.answer", words=_("answer what the person proposes"), manager=BELOW, leader=BELOW)
allow("plan.submit", words=_("send a plan to HR"), manager=BELOW, leader=BELOW)
allow("plan.review", words=_("approve a plan or send it back"), hr=CASE)
allow("plan.present", words=_("record the first meeting"), manager=BELOW, leader=BELOW)
allow("plan.sign", words=_("sign for the own plan"), rep=SELF)
allow("plan.refuse", words=_("record that receipt was refused"), rep=SELF, manager=BELOW, leader=BELOW)
allow("plan.witness", words=_("witness that receipt was refused"), leader=BELOW, hr=CASE)
allow("plan.start", words=_("start an agreed plan"), manager=BELOW, leader=BELOW, system=EVERYONE)
allow("plan.amend", words=_("propose an amendment"), manager=BELOW, leader=BELOW)
allow("plan.pause", words=_("pause a plan"), manager=BELOW, leader=BELOW, hr=CASE)
allow("plan.withdraw", words=_("withdraw a plan"), manager=BELOW, leader=BELOW)
allow("plan.close", words=_("close a plan"), manager=BELOW, leader=BELOW, hr=CASE, system=EVERYONE)
allow("plan.appeal", words=_("appeal"), rep=SELF)
allow("plan.answer_appeal", words=_("answer an appeal"), leader=BELOW, hr=CASE)
allow("forecast.make", words=_("ask whether a target can be reached"), manager=BELOW, leader=BELOW, system=EVERYONE)
allow("forecast.settle", words=_("write down what came of forecasts"), system=EVERYONE)
allow(
    "forecast.review",
    words=_("see how often forecasts come true"),
    manager=EVERYONE,
    leader=EVERYONE,
    hr=EVERYONE,
    system=EVERYONE,
)
allow("plan.freeze", words=_("freeze a signed paper"), system=EVERYONE)
