"""Who may see, write and adopt the company's policy, and who may read how groups are treated."""

from django.utils.translation import gettext_lazy as _

from headway.core.permissions import Reach, allow

EVERYONE = Reach.ANYONE

allow(
    "watch.view",
    words=_("see early signs, for a talk"),
    rep=Reach.SELF,
    manager=Reach.BELOW,
    system=EVERYONE,
)

allow(
    "policy.view",
    words=_("see the policy and its versions"),
    leader=EVERYONE,
    hr=EVERYONE,
    revops=EVERYONE,
    admin=EVERYONE,
    system=EVERYONE,
)
allow("policy.propose", words=_("propose a policy"), hr=EVERYONE, revops=EVERYONE, system=EVERYONE)
allow(
    "policy.adopt", words=_("adopt a policy that somebody else proposed"), hr=EVERYONE, revops=EVERYONE, system=EVERYONE
)
allow("policy.dry_run", words=_("keep what a policy would have done"), system=EVERYONE)
allow("impact.view", words=_("see how groups and teams are treated"), hr=EVERYONE, system=EVERYONE)
