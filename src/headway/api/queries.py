"""Reading tokens, for a named actor; and the one read that comes before there is one: whose token is this?"""

from __future__ import annotations

from django.db.models import QuerySet

from headway.api.actions import digest_of, note_used
from headway.api.models import AccessToken
from headway.core import clock
from headway.core.actors import Actor
from headway.core.errors import NotFound
from headway.core.permissions import can, require


def tokens_for(actor: Actor) -> QuerySet[AccessToken]:
    """One's own tokens, the newest first; everybody's for those who may switch off anybody's."""
    rows = AccessToken.objects.select_related("user")
    if can(actor, "token.manage"):
        return rows
    require(actor, "token.own")
    return rows.filter(user_id=actor.pk or 0)


def token_for(actor: Actor, token_id: int) -> AccessToken:
    """One token, or NotFound where it is somebody else's."""
    found = tokens_for(actor).filter(pk=token_id).first()
    if found is None:
        raise NotFound("There is no such token")
    return found


def token_with(secret: str) -> AccessToken | None:
    """The token that works today and has this secret."""
    found = AccessToken.objects.select_related("user").filter(digest=digest_of(secret), user__is_active=True).first()
    return found if found is not None and found.works_on(clock.today()) else None


def actor_with(secret: str) -> Actor | None:
    """The person whose token this is, with the use written down as over the API; None where it does not work."""
    found = token_with(secret)
    if found is None:
        return None
    if found.used_on != clock.today():
        note_used(token=found, by=found.user)
    return found.user
