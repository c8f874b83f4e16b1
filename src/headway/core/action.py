"""The one way to write: permission, transaction, row lock, audit entry, mail and word outside after commit.

```python
@action(permission="plan.draft", event="plan.drafted", about="person_id")
def draft(*, person_id: str, days: int, by: Actor) -> Plan: ...

@action(permission="plan.edit", event="plan.goal_changed", locks="plan")
def change_goal(*, plan: Plan, text: str, by: Actor) -> Plan: ...
```

`locks` names the argument that is a record: it is locked and read again, so that the body never works on an
old copy. `about` names the argument that says whom the permission is asked for; the locked record otherwise.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from django.db import models, transaction

from headway.core import audit, events
from headway.core.actors import Actor
from headway.core.errors import Conflict
from headway.core.permissions import about as person_of
from headway.core.permissions import require
from headway.core.remembered import forget
from headway.core.webhooks import writing

P = ParamSpec("P")
R = TypeVar("R")


def _locked(record: models.Model) -> models.Model:
    manager = type(record)._default_manager
    fresh = manager.select_for_update().filter(pk=record.pk).first()
    if fresh is None:
        raise Conflict("This has been removed in the meantime", todo="Load the page again.")
    return fresh


def action(
    *, permission: str, event: str, locks: str | None = None, about: str | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function the one way to write something. See the module's text."""

    def decorate(body: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(body)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            if args:
                raise TypeError(f"{body.__name__} takes keyword arguments only")
            by = cast(Actor, kwargs["by"])
            with transaction.atomic(), audit.collecting() as details:
                if locks is not None:
                    cast(dict[str, Any], kwargs)[locks] = _locked(cast(models.Model, kwargs[locks]))
                subject = kwargs.get(about) if about else (kwargs.get(locks) if locks else None)
                require(by, permission, subject)
                result = body(*args, **kwargs)
                thing = kwargs.get(locks) if locks else result
                audit.append(
                    by=by,
                    event=event,
                    person_id=person_of(subject) if subject is not None else person_of(thing),
                    object_ref=_name_of(thing),
                    details=details,
                )
                writing.write_down(event, result)
                forget()
                transaction.on_commit(lambda: events.tell(event, result), robust=True)
            return result

        run.__headway_action__ = (permission, event)  # type: ignore[attr-defined]
        return run

    return decorate


def _name_of(thing: object) -> str:
    if isinstance(thing, models.Model):
        return f"{thing._meta.label_lower}:{thing.pk}"
    return ""
