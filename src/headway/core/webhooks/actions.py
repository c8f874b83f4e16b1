"""Every write about addresses that are told: made, switched off, told again."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from headway.core import audit, clock
from headway.core.action import action
from headway.core.actors import Actor
from headway.core.errors import BadInput, Conflict
from headway.core.models import Delivery, Subscription
from headway.core.webhooks.published import PUBLISHED
from headway.core.webhooks.sending import checked_address


@dataclass(frozen=True)
class NewSubscription:
    """An address with the secret that signs what it is sent; shown once."""

    subscription: Subscription
    secret: str


@action(permission="webhook.manage", event="webhook.made")
def subscribe(*, address: str, name: str, events: Sequence[str] = (), by: Actor) -> NewSubscription:
    """Let an address be told about events (none = everything published).

    Raises:
        BadInput: no name, no such event, or no address of http or https.
    """
    name = name.replace("\x00", "").strip()[:80]
    if not name:
        raise BadInput(_("An address needs a name"), todo=_("Say who listens there."))
    unknown = [event for event in events if event not in PUBLISHED]
    if unknown:
        raise BadInput(_("There is no such event"), value=", ".join(unknown)[:80])
    secret = "whsec_" + secrets.token_urlsafe(32)
    row = Subscription(
        address=checked_address(address),
        name=name,
        events=sorted(set(events)),
        secret=secret,
        made_by_name=by.name,
        made_at=clock.now(),
    )
    row.save()
    audit.detail(subscription=row.pk, address=row.address, events=row.events)
    return NewSubscription(row, secret)


@action(permission="webhook.manage", event="webhook.stopped", locks="subscription")
def unsubscribe(*, subscription: Subscription, by: Actor) -> Subscription:
    """Tell an address nothing more. What waits is not sent."""
    if subscription.stopped_at is not None:
        raise Conflict(_("This address has been switched off already"))
    subscription.stopped_at = clock.now()
    subscription.save(update_fields=["stopped_at"])
    audit.detail(address=subscription.address)
    return subscription


@action(permission="webhook.manage", event="webhook.tried_again", locks="delivery")
def try_again(*, delivery: Delivery, by: Actor) -> Delivery:
    """Send once more what was given up, under the same id."""
    if delivery.state != Delivery.GIVEN_UP or delivery.subscription.stopped_at is not None:
        raise Conflict(_("This delivery is not one that was given up"))
    delivery.state, delivery.tries, delivery.next_try_at = Delivery.WAITING, 0, clock.now()
    delivery.save(update_fields=["state", "tries", "next_try_at"])
    audit.detail(delivery=delivery.key)
    return delivery
