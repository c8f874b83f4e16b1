"""Reads a company's policy from TOML: thresholds and [[trigger]] blocks. Every mistake is one sentence."""

import tomllib
from collections.abc import Iterable
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path

from django.utils.translation import gettext as _

from headway.core.errors import BadInput
from headway.detection.policy import DEFAULT, Policy
from headway.detection.triggers.trigger import Every, Trigger, TriggerKind

_KINDS: dict[str, type] = {f.name: type(getattr(DEFAULT, f.name)) for f in fields(Policy) if f.name != "triggers"}
_TRIGGER_KEYS: dict[str, type] = {
    "name": str, "kind": str, "every": str, "in_a_row": int, "below": float, "at_least": float, "activity": str,
    "from": str, "to": str, "least": int,
}  # fmt: skip
_USED: dict[TriggerKind, frozenset[str]] = {
    TriggerKind.QUOTA: frozenset({"name", "kind", "every", "in_a_row", "below"}),
    TriggerKind.ACTIVITY: frozenset({"name", "kind", "every", "in_a_row", "at_least", "activity"}),
    TriggerKind.CONVERSION: frozenset({"name", "kind", "every", "in_a_row", "below", "from", "to", "least"}),
}
ACTIVITIES = ("all", "call", "email", "social", "meeting", "demo", "other")


def read_policy(path: Path | None) -> Policy:
    """The policy in `path` (TOML, keys as in `Policy`), the default where none is given.

    Raises BadInput naming the key or value that does not fit, with the one probably meant.
    """
    if path is None:
        return DEFAULT
    return policy_of(text_of(path), source=str(path))


def text_of(path: Path) -> str:
    """The text of a policy file. Raises BadInput where it can't be read."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(_("The policy file is not UTF-8 text"), value=str(path), todo=_("Save it as UTF-8.")) from error
    except OSError as error:
        raise BadInput(_("The policy file cannot be read"), value=str(path), todo=_("Check the path.")) from error


def policy_of(text: str, *, source: str = "") -> Policy:
    """The policy that a TOML text says. Raises BadInput as `read_policy`."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(_("The policy is not TOML"), value=source or None, todo=f"{error}.") from error
    triggers = raw.pop("trigger", [])
    values = {key: _value(key, value, _KINDS, where=_("policy")) for key, value in raw.items()}
    if not str(values.get("version", "")).strip():
        raise BadInput(
            _("The policy has no version"), value=source or None, todo=_('Add a line such as version = "2026-1".')
        )
    if not isinstance(triggers, list) or not all(isinstance(t, dict) for t in triggers):
        raise BadInput(_("A trigger is not written as a block"), todo=_("Start each one with a line [[trigger]]."))
    try:
        return Policy(**values, triggers=tuple(_trigger(t) for t in triggers))  # type: ignore[arg-type]
    except ValueError as error:
        raise BadInput(_("The policy contradicts itself"), value=source or None, todo=_sentence(error)) from error


def as_text(policy: Policy) -> str:
    """A policy as TOML that `policy_of` reads again; the version is left to be filled in."""
    lines = ['version = ""  # a name of its own, such as "2026-1"']
    for key in _KINDS:
        if key != "version":
            lines.append(f"{key} = {getattr(policy, key)!r}")
    for trigger in policy.triggers:
        words = {"before": "from", "after": "to"}
        lines += ["", "[[trigger]]"]
        for key, value in vars(trigger).items():
            name = words.get(key, key)
            if name in _USED[trigger.kind] and value not in (None, ""):
                lines.append(f"{name} = {_toml(value)}")
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, str):
        escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return repr(value)


def _trigger(raw: dict[str, object]) -> Trigger:
    where = _("trigger %s") % raw["name"] if raw.get("name") else _("trigger")
    values = {key: _value(key, value, _TRIGGER_KEYS, where=where) for key, value in raw.items()}
    for key in ("name", "kind", "every"):
        if not values.get(key):
            raise BadInput(_("A trigger has no %s") % key, value=raw.get("name"), todo=_example(key))
    kind = TriggerKind(_choice(str(values["kind"]), [k.value for k in TriggerKind], what=_("kind of trigger")))
    every = Every(_choice(str(values["every"]), [e.value for e in Every], what=_("period")))
    unused = next((key for key in values if key not in _USED[kind]), None)
    if unused is not None:
        raise BadInput(
            _("A %(kind)s trigger does not use %(key)s") % {"kind": kind.value, "key": unused},
            value=values["name"],
            todo=_("It uses: %s.") % ", ".join(k for k in _TRIGGER_KEYS if k in _USED[kind]),
        )
    activity = _choice(str(values.get("activity", "all")), ACTIVITIES, what=_("kind of activity"))
    renamed = {"from": "before", "to": "after"}
    rest = {renamed.get(k, k): v for k, v in values.items() if k not in ("kind", "every", "activity")}
    return Trigger(**rest, kind=kind, every=every, activity=activity)  # type: ignore[arg-type]


def check_stages(policy: Policy, ladder: tuple[str, ...]) -> None:
    """Conversion triggers name stages of the company's ladder, in its order. Raises BadInput."""
    for trigger in policy.triggers:
        if trigger.kind is not TriggerKind.CONVERSION:
            continue
        for stage in (trigger.before, trigger.after):
            _choice(stage, ladder, what=_("stage of a deal"))
        if ladder.index(trigger.before) >= ladder.index(trigger.after):
            raise BadInput(
                _("A conversion goes forward"),
                value=f"{trigger.before} to {trigger.after}",
                todo=_("The stages in order: %s.") % ", ".join(ladder),
            )


def _value(key: str, value: object, known: dict[str, type], *, where: str) -> object:
    kind = known.get(key)
    if kind is None:
        raise BadInput(_("The %s has an unknown key") % where, value=key, todo=_meant(key, known))
    if isinstance(value, bool) or not isinstance(value, (int, float) if kind is float else kind):
        wanted = {float: _("a number"), int: _("a whole number"), str: _("a text in quotes")}[kind]
        raise BadInput(
            _("In the %(where)s the value of %(key)s has the wrong type") % {"where": where, "key": key},
            value=value,
            todo=_("Give %s.") % wanted,
        )
    return float(str(value)) if kind is float else value


def _choice(given: str, known: Iterable[str], *, what: str) -> str:
    choices = list(known)
    if given.lower() in choices:
        return given.lower()
    raise BadInput(_("There is no such %s") % what, value=given, todo=_meant(given, choices))


def _meant(given: str, known: Iterable[str]) -> str:
    """'Did you mean under?', else the choices."""
    choices = list(known)
    near = get_close_matches(given.lower(), choices, n=1, cutoff=0.55)
    return _("Did you mean %s?") % near[0] if near else _("Known: %s.") % ", ".join(choices)


def _example(key: str) -> str:
    return {
        "name": _('Add a line such as name = "Two quarters below 70%".'),
        "kind": _('Add a line such as kind = "quota".'),
        "every": _('Add a line such as every = "quarter".'),
    }[key]


def _sentence(error: ValueError) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."
