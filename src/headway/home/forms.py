"""Forms of the company's settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from headway.core.errors import HeadwayError
from headway.core.models import Company
from headway.people.company import WEEK_STARTS, CompanyChange


class CompanyForm(forms.Form):
    """What the company is called and how it counts time and money."""

    name = forms.CharField(label=_("Name"), max_length=120)
    currency = forms.CharField(label=_("Currency"), max_length=3, help_text=_("Three letters, like EUR."))
    time_zone = forms.CharField(label=_("Time zone"), max_length=64, help_text=_("Like Europe/Berlin."))
    week_start = forms.ChoiceField(
        label=_("The week starts on"),
        choices=[("monday", _("Monday")), ("saturday", _("Saturday")), ("sunday", _("Sunday"))],
    )
    fiscal_year_start = forms.IntegerField(
        label=_("First month of the fiscal year"), min_value=1, max_value=12, help_text=_("A number from 1 to 12.")
    )
    fiscal_pattern = forms.ChoiceField(
        label=_("The fiscal year is parted into"),
        required=False,
        choices=[
            ("months", _("calendar months")),
            ("4-4-5", _("quarters of 4, 4 and 5 weeks")),
            ("4-5-4", _("quarters of 4, 5 and 4 weeks")),
            ("5-4-4", _("quarters of 5, 4 and 4 weeks")),
            ("13x4", _("13 periods of 4 weeks")),
        ],
        help_text=_("A 53rd week, where the year has one, belongs to the last period."),
    )
    fiscal_year_end = forms.ChoiceField(
        label=_("A fiscal year of whole weeks ends with"),
        required=False,
        choices=[
            ("nearest", _("the week that ends nearest to the end of its last month")),
            ("last", _("the last week that ends in its last month")),
        ],
        help_text=_("Of no account for calendar months."),
    )
    ladder = forms.CharField(
        label=_("Stages of a deal"), help_text=_("In order, separated by commas, ending with won.")
    )
    plan_name = forms.CharField(label=_("What a growth plan is called"), max_length=60)
    plan_language = forms.ChoiceField(
        label=_("Language of plans"), required=False, choices=[("en", "English"), ("de", "Deutsch")]
    )

    coaching_hour_cost = forms.FloatField(
        label=_("What an hour of support costs"),
        required=False,
        min_value=0,
        max_value=100_000,
        help_text=_("In the company’s currency. 0: not set; hours are then shown without money."),
    )

    @staticmethod
    def from_company(row: Company) -> dict[str, Any]:
        """The settings as the form shows them."""
        names = {number: name for name, number in WEEK_STARTS.items()}
        return {
            "name": row.name,
            "currency": row.currency,
            "time_zone": row.time_zone,
            "week_start": names.get(row.week_start, "monday"),
            "fiscal_year_start": row.fiscal_year_start_month,
            "fiscal_pattern": row.fiscal_pattern,
            "fiscal_year_end": row.fiscal_year_end,
            "ladder": ", ".join(row.ladder),
            "plan_name": row.plan_name,
            "plan_language": row.plan_language,
            "coaching_hour_cost": row.coaching_hour_cost or 0,
        }

    def clean(self) -> dict[str, Any]:
        """Say beside the form what a setting cannot be."""
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                self._change = CompanyChange.from_texts(**cleaned)
            except HeadwayError as error:
                self.add_error(None, error.sentence)
        return cleaned

    def change(self) -> CompanyChange:
        """What is to be changed; the form must be valid."""
        return self._change


class SignInForm(AuthenticationForm):
    """Address and password; says the same whether the address is known or not."""

    error_messages = {
        "invalid_login": _("The address and the password do not fit together. Capital letters count in the password."),
        "inactive": _("This account is closed. Ask your administrator."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("E-mail address")
