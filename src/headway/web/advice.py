"""Words to think about, while somebody writes about another person and after it was kept: advice, never a rule.

What the person says about themselves is never looked at.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from headway.core import company
from headway.core.actors import Role
from headway.core.language import WordFinding, WordKind, vocabulary

# Vague words matter in a goal; in a note only those that judge a person or speak of what no note may speak of.
GRAVE = (WordKind.JUDGING, WordKind.BIASED)
# The fields in which people write freely, by their names in our forms.
FREE = (
    "wins",
    "improvements",
    "agreed",
    "notes",
    "text",
    "answer",
    "behaviour",
    "coaching",
    "words",
    "reason",
    "reasons",
)
QUOTED = frozenset({"customer", "peer", "self"})
SHOWN = 3


def thoughts_on(*texts: str) -> list[WordFinding]:
    """The first words that need a thought, each once, in the language the company writes in."""
    found: dict[str, WordFinding] = {}
    for hit in vocabulary(company.current().plan_language).findings("\n".join(texts), kinds=GRAVE):
        found.setdefault(hit.word.casefold(), hit)
    return list(found.values())[:SHOWN]


def advise(request: HttpRequest, *texts: str) -> None:
    """After something was kept: say which of its words need a thought. A rep's own words are left alone."""
    if getattr(request.user, "role", Role.REP) == Role.REP:
        return
    for hit in thoughts_on(*texts):
        words = _("Kept as you wrote it. A thought on “%(word)s”: write %(instead)s.")
        messages.info(request, words % {"word": hit.word, "instead": hit.instead})


@require_POST
def advice(request: HttpRequest) -> HttpResponse:
    """The same while somebody types; nothing is kept."""
    # What a customer or a colleague said is quoted as they said it.
    own = getattr(request.user, "role", Role.REP) == Role.REP or request.POST.get("source") in QUOTED
    texts = [request.POST.get(name, "") for name in FREE]
    return render(request, "web/advice.html", {"thoughts": [] if own else thoughts_on(*texts)})
