"""Every write of this room: access tokens made, used, switched off."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from headway.api.models import AccessToken
from headway.core import audit, clock
from headway.core.action import action
from headway.core.actors import Actor
from headway.core.errors import BadInput, Conflict, NotFound
from headway.core.permissions import can
from headway.people.models import User

MARK = "hw_"  # so that a token left in a file is recognised for what it is


def digest_of(secret: str) -> str:
    """What is kept of a token. Its 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True)
class NewToken:
    """A token with its secret, which is shown once and kept nowhere."""

    token: AccessToken
    secret: str

    @property
    def person_id(self) -> str | None:
        """The person it belongs to."""
        return self.token.person_id


@action(permission="token.own", event="token.made")
def make_token(*, name: str, expires_on: date | None = None, by: Actor) -> NewToken:
    """Make a token for oneself.

    Raises:
        BadInput: it has no name, or ends before it begins.
    """
    return _made(cast_user(by), name=name, expires_on=expires_on)


@action(permission="token.manage", event="token.made")
def make_token_for(*, user: User, name: str, expires_on: date | None = None, by: Actor) -> NewToken:
    """Make a token for somebody: the operator at the command line, for a program that runs as that person."""
    return _made(user, name=name, expires_on=expires_on)


def cast_user(by: Actor) -> User:
    """The account behind an actor; the program itself has none and needs no token."""
    if not isinstance(by, User):
        raise BadInput(_("Only somebody with a sign-in can have a token"), value=by.name)
    return by


def _made(user: User, *, name: str, expires_on: date | None) -> NewToken:
    name = name.replace("\x00", "").strip()
    if not name:
        raise BadInput(_("A token needs a name"), todo=_("Say what will use it, like “weekly report”."))
    if len(name) > 80:
        raise BadInput(_("This name is too long"), value=name[:40] + "…", todo=_("Use 80 characters or fewer."))
    if expires_on is not None and expires_on < clock.today():
        raise BadInput(_("This day is over"), value=expires_on, todo=_("Choose a day to come."))
    secret = MARK + secrets.token_urlsafe(32)
    token = AccessToken(
        user=user, name=name, start=secret[:8], digest=digest_of(secret), made_at=clock.now(), expires_on=expires_on
    )
    token.save()
    audit.detail(token=token.pk, name=name, owner=user.name)
    return NewToken(token, secret)


@action(permission="token.own", event="token.revoked")
def revoke_token(*, token: AccessToken, by: Actor) -> AccessToken:
    """Switch off a token of one's own, for good."""
    if token.user_id != by.pk and not can(by, "token.manage"):
        raise NotFound(_("There is no such token"))
    return _revoked(token)


@action(permission="token.manage", event="token.revoked")
def revoke_anybodys_token(*, token: AccessToken, by: Actor) -> AccessToken:
    """Switch off any token, for good."""
    return _revoked(token)


def _revoked(token: AccessToken) -> AccessToken:
    fresh = AccessToken.objects.select_for_update().get(pk=token.pk)
    if fresh.revoked_at is not None:
        raise Conflict(_("This token has been switched off already"))
    fresh.revoked_at = clock.now()
    fresh.save(update_fields=["revoked_at"])
    audit.detail(token=fresh.pk, name=fresh.name, owner=fresh.user.name)
    return fresh


@action(permission="token.own", event="token.used")
def note_used(*, token: AccessToken, by: Actor) -> None:
    """Write down that a token was used: the first time each day, so that a forgotten one shows."""
    AccessToken.objects.filter(pk=token.pk).update(used_on=clock.today())
    audit.detail(token=token.pk, name=token.name)
