"""What people type about coaching, observations, outside factors, chains and exceptions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from headway.core import clock
from headway.diagnosis.practice.actions import LONGEST, LinkGiven, ObservationGiven, SessionGiven
from headway.diagnosis.practice.competencies import competencies
from headway.diagnosis.practice.models import Axis, ProtectedEvent, SessionKind, Source


def area(label: Any, *, required: bool = False, rows: int = 2, help_text: Any = "") -> forms.CharField:
    """A box for a few sentences."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST,
        strip=False,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def day_field(label: Any, *, required: bool = True) -> forms.DateField:
    """A day, picked or typed."""
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


def competency_choices() -> list[tuple[str, Any]]:
    """The company's competencies, with none at the top."""
    return [("", _("none in particular")), *((c.key, c.name) for c in competencies())]


class CoachingForm(forms.Form):
    """A coaching talk, written down in a minute."""

    held_on = day_field(_("Day"))
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=1, max_value=600)
    kind = forms.ChoiceField(label=_("About"), choices=SessionKind.choices, initial=SessionKind.CAPABILITY)
    competency = forms.ChoiceField(label=_("Skill"), required=False)
    wins = area(_("What went well, to keep"))
    improvements = area(_("What to try next"))
    agreed = area(_("What you agreed"), help_text=_("Who does what, by when."))
    notes = area(_("Anything else"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["competency"].choices = competency_choices()  # type: ignore[attr-defined]
        self.fields["held_on"].initial = clock.today()

    def given(self) -> SessionGiven:
        """What is to be kept; the form must be valid."""
        return SessionGiven(**self.cleaned_data)


class AnswerForm(forms.Form):
    """The person's own words on a coaching talk."""

    words = area(_("Your words"), required=True)


class ObservationForm(forms.Form):
    """Something seen or heard, with its day and source."""

    seen_on = day_field(_("Day"))
    source = forms.ChoiceField(label=_("Source"), choices=Source.choices, initial=Source.CALL)
    text = area(
        _("What was seen or heard"),
        required=True,
        rows=3,
        help_text=_("What somebody could film or quote. What you think about it belongs into the talk."),
    )
    said_by = forms.CharField(label=_("Who said it"), required=False, max_length=200)
    competency = forms.ChoiceField(label=_("Skill"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["competency"].choices = competency_choices()  # type: ignore[attr-defined]
        self.fields["seen_on"].initial = clock.today()

    def given(self, *, gap_key: str = "") -> ObservationGiven:
        """What is to be kept; the form must be valid."""
        return ObservationGiven(**self.cleaned_data, gap_key=gap_key)


class LinkForm(forms.Form):
    """From a gap to coaching: the behaviour behind it and what is done about it."""

    behaviour = area(
        _("What behaviour is behind it?"), required=True, help_text=_("What a customer or a colleague would notice.")
    )
    coaching = area(_("What coaching is for it?"), required=True, help_text=_("Who does what, how often."))
    competency = forms.ChoiceField(label=_("Skill"), required=False)
    by_when = day_field(_("Looked at again on"), required=False)
    observations = forms.MultipleChoiceField(label=_("Observations it rests on"), required=False)
    sessions = forms.MultipleChoiceField(label=_("Coaching talks it rests on"), required=False)

    def __init__(
        self, *args: Any, observations: list[tuple[int, str]], sessions: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["competency"].choices = competency_choices()  # type: ignore[attr-defined]
        self.fields["observations"].choices = observations  # type: ignore[attr-defined]
        self.fields["sessions"].choices = sessions  # type: ignore[attr-defined]

    def given(self) -> LinkGiven:
        """What is to be kept; the form must be valid."""
        found = self.cleaned_data
        return LinkGiven(
            behaviour=found["behaviour"],
            coaching=found["coaching"],
            competency=found["competency"],
            by_when=found["by_when"],
            observations=tuple(int(key) for key in found["observations"]),
            sessions=tuple(int(key) for key in found["sessions"]),
        )


class ValidationForm(forms.Form):
    """One side's word on a chain."""

    agrees = forms.ChoiceField(label=_("Is that it?"), choices=[("yes", _("Yes, that is it")), ("no", _("Not quite"))])
    words = area(_("What is different?"))


class AxisForm(forms.Form):
    """Skill or effort, decided by a person."""

    axis = forms.ChoiceField(label=_("You decide"), choices=Axis.choices)
    reason = area(_("Why"), required=True)


class ReasonForm(forms.Form):
    """Words that are needed: a reason, a question to HR, an answer of HR."""

    reason = area(_("Reason"), required=True, rows=3)


class ExceptionForm(ReasonForm):
    """HR's exception: why, and until when."""

    until = day_field(_("Holds until"), required=False)


class ProtectedForm(forms.Form):
    """A protected event, for HR alone."""

    person_id = forms.ChoiceField(label=_("Person"))
    kind = forms.ChoiceField(label=_("Kind"), choices=ProtectedEvent.KINDS)
    happened_on = day_field(_("Day"))
    note = area(_("Note"))

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person_id"].choices = people  # type: ignore[attr-defined]
        self.fields["happened_on"].initial = clock.today()


def read_day(text: str) -> date | None:
    """A day as a date field sends it, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
