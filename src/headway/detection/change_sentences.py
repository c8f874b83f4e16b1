"""What changed, counted before and after a day; what changed around a person; what would clear a finding."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.detection.before_after import BeforeAfter
from headway.detection.moves import Move
from headway.detection.sentences import day_text, money, percent, step_label


def counted(key: str, done: float, total: float, *, name: str) -> str:
    """'Jonas won 53 of 112 proposals (47%)'."""
    values = {"name": name, "done": f"{done:.0f}", "total": f"{total:.0f}", "share": percent(done / total)}
    before, _sep, after = key.partition("_to_")
    if key == "proposal_to_won":
        return _("%(name)s won %(done)s of %(total)s proposals (%(share)s)") % values
    if after == "won":
        return _("%(name)s won %(done)s of %(total)s deals (%(share)s)") % values
    if key == "lead_to_qualified":
        return _("%(name)s qualified %(done)s of %(total)s leads (%(share)s)") % values
    return _("%(name)s brought %(done)s of %(total)s from %(before)s to %(after)s (%(share)s)") % {
        **values,
        "before": before,
        "after": after,
    }


def before_after_sentence(name: str, since: date, change: BeforeAfter, *, currency: str) -> str:
    """'In the year before 3 March 2026 Jonas won 53 of 112 proposals (47%), since then 4 of 28 decided (14%).'"""
    values = {"day": day_text(since), "name": name}
    if change.kind == "conversion":
        return _("In the year before %(day)s %(counted)s, since then %(done)s of %(total)s decided (%(share)s).") % {
            **values,
            "counted": counted(change.key, change.done_before, change.total_before, name=name),
            "done": f"{change.done_after:.0f}",
            "total": f"{change.total_after:.0f}",
            "share": percent(change.after),
        }
    if change.kind == "size":
        return _("In the year before %(day)s a typical deal %(name)s won was %(before)s, since then %(after)s.") % {
            **values,
            "before": money(change.before, currency),
            "after": money(change.after, currency),
        }
    text = (
        _("In the year before %(day)s %(name)s had %(before)s meetings a week, since then %(after)s.")
        if change.kind == "activity"
        else _("In the year before %(day)s %(name)s found %(before)s leads a week, since then %(after)s.")
    )
    return text % {**values, "before": f"{change.before:.1f}", "after": f"{change.after:.1f}"}


def since_then_sentence(change: BeforeAfter, rate: float) -> str:
    """What colleagues would have made of the same: 'Of those 60 comparable colleagues would have won about 29.'"""
    if change.kind != "conversion":
        return _("Comparable colleagues found about %s a week in that time.") % f"{rate:.1f}"
    text = (
        _("Of those %(total)s comparable colleagues would have won about %(wins)s.")
        if change.key.endswith("_to_won")
        else _("Of those %(total)s comparable colleagues would have brought about %(wins)s that far.")
    )
    return text % {"total": f"{change.total_after:.0f}", "wins": f"{change.total_after * rate:.0f}"}


def move_sentence(move: Move, name: str) -> str:
    """'Jonas’s territory changed on 2 March 2026: from Hamburg East to Hamburg West.'"""
    values = {"name": name, "day": day_text(move.on), "before": move.before, "after": move.after}
    if move.what == "quota":
        ratio = float(move.after) / float(move.before)
        values["by"] = percent(abs(ratio - 1.0))
        text = (
            _("%(name)s’s quota went up by %(by)s on %(day)s.")
            if ratio > 1.0
            else _("%(name)s’s quota went down by %(by)s on %(day)s.")
        )
        return text % values
    texts = {
        "territory": _("%(name)s’s territory changed on %(day)s: from %(before)s to %(after)s."),
        "team": _("%(name)s’s team changed on %(day)s: from %(before)s to %(after)s."),
        "segment": _("%(name)s’s segment changed on %(day)s: from %(before)s to %(after)s."),
        "manager": _("%(name)s’s manager changed on %(day)s: from %(before)s to %(after)s."),
    }
    return texts[move.what] % values


def clear_sentence(weeks: int | None, *, key: str = "", wins: int = 0, chances: int = 0) -> str:
    """What would clear a person; with `wins` of `chances` in the step `key` as the example, where known."""
    if weeks is None:
        return _("Nothing needs to be cleared.")
    if weeks >= 52:
        return _(
            "More than a year at the level of comparable colleagues would be needed to clear this "
            "by figures alone; what was observed and agreed counts too."
        )
    values = {"n": weeks, "wins": wins, "chances": chances, "step": step_label(key) if key else ""}
    if key and chances >= 5 and wins >= 1:
        text = (
            ngettext(
                "About %(wins)s wins in the next %(chances)s proposals (some %(n)s week at the level of comparable "
                "colleagues) would clear this.",
                "About %(wins)s wins in the next %(chances)s proposals (some %(n)s weeks at the level of comparable "
                "colleagues) would clear this.",
                weeks,
            )
            if key == "proposal_to_won"
            else ngettext(
                "About %(wins)s of the next %(chances)s %(step)s (some %(n)s week at the level of comparable "
                "colleagues) would clear this.",
                "About %(wins)s of the next %(chances)s %(step)s (some %(n)s weeks at the level of comparable "
                "colleagues) would clear this.",
                weeks,
            )
        )
        return text % values
    return (
        ngettext(
            "About %(n)s week at the level of comparable colleagues would clear this.",
            "About %(n)s weeks at the level of comparable colleagues would clear this.",
            weeks,
        )
        % values
    )


def clear_effort_sentence() -> str:
    return _("A few weeks at the earlier level would clear this, or a good reason for the change.")
