"""What stands on a letter beside the plan's own words: from the templates of the language the plan is written in."""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.utils import translation

from headway.plans.content import load
from headway.plans.plan_draft import GoalKind


def in_language(language: str) -> AbstractContextManager[None]:
    """Write days, numbers and the letter's words in a plan's language, whoever reads the page around it."""
    return translation.override(language)


def said(key: str, /, **values: object) -> str:
    """The words of `letter.<key>` in the language that is written just now."""
    return said_of("letter", key, **values)


def said_of(section: str, key: str, /, **values: object) -> str:
    """The words of `<section>.<key>` in the language that is written just now."""
    return load(translation.get_language() or "en").fill(f"{section}.{key}", **values)


def named(name: str) -> dict[str, object]:
    """A plan's name for templates: as it is, and as it stands inside a sentence."""
    return {"plan": name, "plan_inside": name[:1].lower() + name[1:]}


def kind_said(kind: GoalKind) -> str:
    """Revenue, Activity, Skill, Customers, in the letter's language."""
    return said(f"kind_{kind}")
