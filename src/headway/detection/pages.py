"""The policy's pages: what counts, what was proposed, what it would do, and who decides."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from headway.charts.table import Table
from headway.core.errors import HeadwayError, NotFound
from headway.core.permissions import can
from headway.detection.actions import adopt_policy, propose_policy, turn_down_policy
from headway.detection.models import PolicyVersion
from headway.detection.policy import DEFAULT, Policy
from headway.detection.policy_file import as_text
from headway.detection.policy_queries import dry_run_for, policies_for, policy_for, policy_in_force
from headway.detection.sentences import percent
from headway.detection.triggers.sentences import trigger_words
from headway.people.models import User


class ProposalForm(forms.Form):
    """A policy as text, with the reason."""

    text = forms.CharField(
        label=gettext_lazy("The policy, as TOML"),
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false"}),
        help_text=gettext_lazy("Give it a new version. Triggers are [[trigger]] blocks."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it changes"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )


class DecisionForm(forms.Form):
    """The reason of a decision."""

    reason = forms.CharField(
        label=gettext_lazy("Your reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False
    )


def policy(request: HttpRequest) -> HttpResponse:
    """The policy in force and every version there was."""
    user = cast(User, request.user)
    versions = list(policies_for(user))
    here = policy_in_force()
    context = {
        "here": here,
        "kept": next((v for v in versions if v.state == PolicyVersion.State.ADOPTED), None),
        "open": [v for v in versions if v.state == PolicyVersion.State.PROPOSED],
        "versions": versions,
        "levels": level_rules(here),
        "triggers": [(t.name, trigger_words(t)) for t in here.triggers],
        "may_propose": bool(can(user, "policy.propose")),
        "is_default": here.version == DEFAULT.version,
    }
    return render(request, "detection/policy.html", context)


def level_rules(here: Policy) -> list[tuple[str, str]]:
    """What a policy asks for before somebody is named, in words."""
    return [
        (
            _("Watch"),
            _("a chance of %(p)s of being under %(under)s, or a change seen in time")
            % {"p": percent(here.watch_p_under), "under": percent(here.under)},
        ),
        (
            _("Support"),
            _("a chance of %(p)s of being under %(under)s, and at most %(share)s of those named expected to be fine")
            % {
                "p": percent(here.support_p_under),
                "under": percent(here.under),
                "share": percent(here.support_false_discovery),
            },
        ),
        (
            _("Formal plan possible"),
            _("a chance of %(p)s, reliability %(r)s, and at most %(share)s expected to be fine")
            % {
                "p": percent(here.formal_p_under),
                "r": f"{here.formal_reliability:.2f}",
                "share": percent(here.formal_false_discovery),
            },
        ),
        (
            _("Nobody ramping"),
            _("is held to a quota in the first %(n)s weeks, longer where the data show a longer ramp")
            % {"n": here.ramp_weeks},
        ),
    ]


def propose(request: HttpRequest) -> HttpResponse:
    """Write a new version; it counts for nobody before it is tried and adopted."""
    user = cast(User, request.user)
    if not can(user, "policy.propose"):
        raise NotFound(_("There is no such page, or it is not yours to see"))
    form = ProposalForm(request.POST or None, initial={"text": as_text(policy_in_force())})
    if request.method == "POST" and form.is_valid():
        try:
            kept = propose_policy(text=form.cleaned_data["text"], reason=form.cleaned_data["reason"], by=user)
        except HeadwayError as error:
            form.add_error("text", error.sentence)
        else:
            messages.success(request, _("The policy is proposed. It is being tried on the past now."))
            return redirect("policy-version", version=kept.version)
    return render(request, "detection/propose.html", {"form": form})


def version(request: HttpRequest, version: str) -> HttpResponse:
    """One version: whom it would name, how many by chance alone, and the decision."""
    user = cast(User, request.user)
    found = policy_for(user, version)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = _decide(request, user, found, form)
        if answer is not None:
            return answer
    context: dict[str, Any] = {"found": found, "form": form, **_decision(user, found)}
    if found.dry_run is not None:
        view = dry_run_for(user, found.dry_run)
        context |= {"view": view, "headline": _headline(found, view.changes), "history": _histories(view.triggers)}
    else:
        context["headline"] = _("Policy %s is being tried on the past") % found.version
    return render(request, "detection/version.html", context)


def _headline(found: PolicyVersion, changes: int) -> str:
    if changes == 0:
        return _("Policy %s changes nobody’s level") % found.version
    return ngettext(
        "Policy %(version)s changes the level of one person",
        "Policy %(version)s changes the level of %(n)s people",
        changes,
    ) % {"version": found.version, "n": changes}


def _decision(user: User, found: PolicyVersion) -> dict[str, Any]:
    """Whether the reader may decide, and if not, why not."""
    still_open = found.state == PolicyVersion.State.PROPOSED
    allowed = still_open and bool(can(user, "policy.adopt"))
    why = ""
    if found.made_by_id is not None and found.made_by_id == user.pk:
        why = _("You proposed it; somebody else adopts it.")
    elif found.dry_run is None:
        why = _("It has not been tried on the past yet.")
    return {"may_decide": allowed, "why_not": why}


def _decide(request: HttpRequest, user: User, found: PolicyVersion, form: DecisionForm) -> HttpResponse | None:
    act = adopt_policy if request.POST.get("decision") == "adopt" else turn_down_policy
    try:
        act(policy=found, reason=form.cleaned_data["reason"], by=user)
    except HeadwayError as error:
        form.add_error("reason", error.sentence)
        return None
    adopted = act is adopt_policy
    messages.success(
        request,
        _("The policy is in force. The data are analysed again now.") if adopted else _("The policy is turned down."),
    )
    return redirect("policy")


def _histories(triggers: Any) -> dict[str, Table]:
    """Per trigger how many it would have named at the end of each period."""
    header = (_("Up to"), _("Could be named"), _("Named"))
    return {
        t.name: Table(
            header, tuple((h["last_day"], str(h["could"]), str(h["named"])) for h in t.history), frozenset({1, 2})
        )
        for t in triggers
    }
