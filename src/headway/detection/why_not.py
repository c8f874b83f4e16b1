"""Why there is no judgement, or no figure, and what would help: every number in a sentence is one of the result's."""

from django.utils.translation import gettext as _


def refusal_sentences(code: str, name: str, *, chances: int, needed: int, weeks: int) -> tuple[str, str]:
    """Why there is no judgement, and what would help."""
    values = {"name": name, "chances": chances, "needed": needed, "weeks": weeks}
    texts = {
        "owns_nothing": (
            _(
                "%(name)s owns no leads and no deals in these data, so there is nothing to judge: "
                "away, new or in another job, the data don’t say."
            ),
            _("Say in the people file whether %(name)s sells, and since when."),
        ),
        "no_conversion": (
            _("No step shows both chances that went on and chances that did not, so no conversion can be computed."),
            _("Load won, lost and open deals (or leads) with their owner."),
        ),
        "too_little": (
            _("Too few leads and deals of everybody together have a known end to say what is usual."),
            _("Load a longer past: about twenty chances at one step are the least."),
        ),
        "no_comparison": (
            _("There are too few colleagues with results to compare %(name)s with."),
            _("A comparison needs at least %(needed)s colleagues with leads or deals."),
        ),
        "too_new": (
            _("%(name)s started %(weeks)s weeks ago: too early for results."),
            _("A first look makes sense after %(needed)s weeks."),
        ),
        "away": (
            _("%(name)s was away for most of the last three months, so recent results say nothing."),
            _("A first look makes sense some weeks after the return."),
        ),
        "too_few": (
            _("%(name)s had about %(chances)s chances with a known end so far: too few for an estimate."),
            _("About %(needed)s more will give a first estimate."),
        ),
    }
    why, help_text = texts[code]
    return why % values, help_text % values


def metric_reason(key: str, code: str) -> str:
    """Why a measure could not be used."""
    texts = {
        "no_leads": _("No leads were loaded, so it is unknown who turns leads into deals; deals are taken as given."),
        "not_loaded": _("Nothing was loaded for this."),
        "no_amounts": _("No won deal carries an amount, so deal size is left out."),
        "few_amounts": _("Too few won deals with an amount to compare deal sizes, so deal size is left out."),
        "same_amounts": _("Every won deal has the same amount, so people cannot be told apart by deal size."),
        "no_self_sourced": _("Nothing says which leads people found themselves, so effort is left out."),
        "only_successes": _("Every chance in these data went on, so people cannot be told apart by it."),
        "never_occurs": _("This step never occurs in these data; the steps before and after it are taken as one."),
        "leads_not_linked": _("No lead is marked as qualified or linked to a deal, so leads are left out."),
        "mix_unknown": _(
            "Neither product nor list price is known, so deal sizes may differ by what is sold. "
            "Deal size alone names nobody, and estimates are less certain."
        ),
        "none_succeeded": _("Nobody succeeded in this step, so people cannot be told apart."),
        "too_few": _("Too few chances to compare people."),
    }
    return texts[code]
