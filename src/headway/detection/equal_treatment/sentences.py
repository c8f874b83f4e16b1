"""The words of equal treatment; every number in them is one of the result's."""

from difflib import get_close_matches
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.detection.sentences import percent

if TYPE_CHECKING:
    from headway.detection.equal_treatment.impact import Comparison


def decision_label(key: str) -> str:
    """What was decided, as it stands between counts."""
    return {
        "flags": _("named by the evidence (support or formal level)"),
        "formal_flags": _("named at the formal level"),
        "plans": _("with a success or formal plan in the last twelve months"),
        "outcomes": _("whose plan ended as not met, with a change of role or a transition"),
    }[key]


def decision_title(key: str) -> str:
    return {
        "flags": _("Named by the evidence"),
        "formal_flags": _("Named at the formal level"),
        "plans": _("Plans"),
        "outcomes": _("Outcomes"),
    }[key]


def attribute_label(attribute: str) -> str:
    """'age_band' -> 'age band': the company's own word."""
    return attribute.replace("_", " ")


def no_groups(attribute: str | None, known: tuple[str, ...]) -> str:
    if attribute is None or not known:
        return _("No groups were loaded, so nothing can be compared. The file groups supplies them; HR alone reads it.")
    near = get_close_matches(attribute, known, n=1, cutoff=0.5)
    return _("There is no attribute %(attribute)s. %(todo)s") % {
        "attribute": attribute,
        "todo": _("Did you mean %s?") % near[0] if near else _("Known: %s.") % ", ".join(known),
    }


def hidden_sentence(attribute: str, values: frozenset[str], *, decision: str = "") -> str:
    """decision: the only one in which the groups are not shown; "" all."""
    name = attribute_label(attribute).capitalize()
    if decision:
        name = f"{name} ({decision_title(decision)})"
    return ngettext(
        "%(attribute)s: %(n)s group is not shown, because counts of fewer than five people would point at persons.",
        "%(attribute)s: %(n)s groups are not shown, because counts of fewer than five people would point at persons.",
        len(values),
    ) % {"attribute": name, "n": len(values)}


def counts_sentence(c: "Comparison", *, label: str) -> str:
    """'Female: 3 of 35 named …; all others: 4 of 65.'"""
    return _("%(group)s: %(hit)s of %(of)s %(label)s; everybody else: %(other_hit)s of %(other_of)s.") % {
        "group": c.group[:1].upper() + c.group[1:],
        "hit": c.hit,
        "of": c.of,
        "label": label,
        "other_hit": c.other_hit,
        "other_of": c.other_of,
    }


def chance_sentence(mid_p: float) -> str:
    """How often chance alone does this where everybody is treated alike."""
    n = round(100 * mid_p)
    if n >= 10:
        text = _("Chance alone does this often: as uneven or more in %(n)s of 100 companies that treat people alike.")
    elif n >= 1:
        text = _("Chance alone does this seldom: as uneven or more in %(n)s of 100 companies that treat people alike.")
    else:
        return _("Chance alone hardly ever does this: in fewer than 1 of 100 companies that treat people alike.")
    return text % {"n": n}


def retention_sentence(c: "Comparison") -> str:
    assert c.retention is not None
    assert c.retention_low is not None
    assert c.retention_high is not None
    text = (
        _("Spared: %(ratio)s of the others’ share (likely %(low)s to %(high)s), under the four-fifths line.")
        if c.below_four_fifths
        else _("Spared: %(ratio)s of the others’ share (likely %(low)s to %(high)s); the line is 80%%.")
    )
    return text % {
        "ratio": percent(c.retention),
        "low": percent(c.retention_low),
        "high": percent(c.retention_high),
    }


def strata_sentence(c: "Comparison") -> str | None:
    """What is left when people of the same manager are compared."""
    found = c.by_manager
    if found is None or found.odds_ratio is None or found.low is None or found.high is None:
        return None
    text = _("Among people of the same manager the odds are %(ratio)s times the others’ (likely %(low)s to %(high)s).")
    return text % {
        "ratio": f"{found.odds_ratio:.1f}",
        "low": f"{found.low:.1f}",
        "high": f"{found.high:.1f}",
    }


def power_sentence(noticed: float) -> str:
    return _("With so few people, twice as many in one group would be noticed %(n)s times in 100.") % {
        "n": round(100 * noticed)
    }


def comparison_sentences(c: "Comparison", *, label: str) -> tuple[str, ...]:
    """All that is said of one comparison."""
    words = [counts_sentence(c, label=label)]
    if c.verdict == "too_few":
        words.append(_("Too few cases to compare."))
        return tuple(words)
    words.append(chance_sentence(c.mid_p))
    if c.retention is not None:
        words.append(retention_sentence(c))
    strata = strata_sentence(c)
    if strata:
        words.append(strata)
    if c.noticed < 0.8:
        words.append(power_sentence(c.noticed))
    return tuple(words)


def headline(unequal: int, compared: int) -> str:
    if compared == 0:
        return _("Nothing to compare yet")
    if unequal == 0:
        return _("No group is treated differently beyond chance")
    return ngettext(
        "One comparison is more uneven than chance explains",
        "%(n)s comparisons are more uneven than chance explains",
        unequal,
    ) % {"n": unequal}


def manager_sentence(*, name: str, plans: int, people: int, expected: float, low: int, high: int) -> str:
    """'Marta Lindqvist: 3 plans for 12 people; the evidence leads to expect 1.2 (likely 0 to 3).'"""
    return ngettext(
        "%(name)s: %(plans)s plan for %(people)s people; like cases elsewhere lead to expect %(expected)s "
        "(likely %(low)s to %(high)s).",
        "%(name)s: %(plans)s plans for %(people)s people; like cases elsewhere lead to expect %(expected)s "
        "(likely %(low)s to %(high)s).",
        plans,
    ) % {
        "name": name,
        "plans": plans,
        "people": people,
        "expected": f"{expected:.1f}",
        "low": low,
        "high": high,
    }


def leniency_sentence(*, name: str, estimate: float, low: float, high: float, n: int, clear: bool) -> str:
    """'Marta Lindqvist rates 0.6 lower than the data support (likely 0.2 to 1.0 lower, 14 ratings).'"""
    values = {
        "name": name,
        "by": f"{abs(estimate):.1f}",
        "low": f"{low:+.1f}".replace("-", "−"),
        "high": f"{high:+.1f}".replace("-", "−"),
        "n": n,
    }
    if not clear:
        return (
            _("%(name)s rates as the data lead to expect (likely %(low)s to %(high)s points, %(n)s ratings).") % values
        )
    if estimate < 0:
        return (
            _("%(name)s rates %(by)s points lower than the data support (likely %(low)s to %(high)s, %(n)s ratings).")
            % values
        )
    return (
        _("%(name)s rates %(by)s points higher than the data support (likely %(low)s to %(high)s, %(n)s ratings).")
        % values
    )
