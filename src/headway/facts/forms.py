"""What a person sends on the data's pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

AUTO, ADD, REPLACE = "auto", "add", "replace"


class UploadForm(forms.Form):
    """How the files go in. The files themselves do not pass through the form: they are on disk already."""

    mode = forms.ChoiceField(
        required=False,
        choices=[
            (AUTO, _("Let Headway propose")),
            (ADD, _("Add to what is loaded")),
            (REPLACE, _("Start afresh")),
        ],
        initial=AUTO,
    )

    def clean_mode(self) -> str:
        """Left out means: decide from the file, and show the proposal."""
        chosen: Any = self.cleaned_data["mode"]
        return str(chosen or AUTO)
