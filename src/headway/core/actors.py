"""Who acts: a signed-in person, or the program itself. Both have a role and rights of their own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Role(StrEnum):
    """What a person is in Headway. `system` is the program: jobs and the operator's command line."""

    REP = "rep"
    MANAGER = "manager"
    LEADER = "leader"
    HR = "hr"
    REVOPS = "revops"
    ADMIN = "admin"
    SYSTEM = "system"


class Actor(Protocol):
    """Anybody that can be asked for permission."""

    @property
    def pk(self) -> int | None: ...
    @property
    def role(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def person_id(self) -> str | None: ...


@dataclass(frozen=True)
class System:
    """The program acting by itself, or the operator at the command line of the machine."""

    name: str = "Headway"
    role: str = Role.SYSTEM
    pk: int | None = None
    person_id: str | None = None
    is_authenticated: bool = True


SYSTEM = System()
