"""Who may use the API with a token of their own, and who may switch one off."""

from django.utils.translation import gettext_lazy as _

from headway.core.permissions import Reach, allow

EVERYONE = Reach.ANYONE

# A token can do what its person can do on pages, and nothing else.
allow(
    "token.own",
    words=_("make and switch off access tokens of their own"),
    rep=EVERYONE,
    manager=EVERYONE,
    leader=EVERYONE,
    hr=EVERYONE,
    revops=EVERYONE,
    admin=EVERYONE,
)
allow("token.manage", words=_("switch off anybody’s access token"), admin=EVERYONE, system=EVERYONE)
allow("webhook.view", words=_("see which programs outside are told of changes"), admin=EVERYONE, system=EVERYONE)
allow("webhook.manage", words=_("choose which programs outside are told of changes"), admin=EVERYONE, system=EVERYONE)
