"""The first meeting, the signatures, the witness."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from headway.core import clock
from headway.core.errors import BadInput
from headway.core.permissions import require
from headway.plans import actions, signing
from headway.plans.asking import read_day
from headway.plans.first_meeting import guide_for
from headway.plans.keeping import draft_of
from headway.plans.models import PaperKind, Plan, SignatureKind, VersionKind
from headway.plans.pages.desk import user_of
from headway.plans.pages.form_page import Asked, FormPage, Typed, answer
from headway.plans.papers.freezing import letter_for
from headway.plans.queries import plan_for
from headway.plans.standing import may_take
from headway.plans.wording import day

BOTH = require_http_methods(["GET", "POST"])


def day_typed(text: str, *, missing: str) -> date:
    """A day that must be there.

    Raises:
        BadInput: there is none, or it cannot be read.
    """
    found = read_day(text)
    if found is None:
        raise BadInput(missing, todo=_("Write it as YYYY-MM-DD."))
    return found


@BOTH
def meeting(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The guide made for this case; below it the meeting is recorded once it was held."""
    user = user_of(request)
    found = plan_for(user, plan_id)
    require(user, "plan.present", found)
    today = clock.today()
    guide = guide_for(draft_of(found))
    open_now = may_take(found, "present", by=user) or may_take(found, "present_unreviewed", by=user)
    page = FormPage(
        title=guide.title,
        lead=guide.lead,
        heading=_("Record the meeting"),
        button=_("Record that it was held"),
        asked=(
            Asked("held_on", _("Held on"), "date", today.isoformat()),
            Asked("answer_by", _("Last day to sign"), "date", (today + timedelta(days=7)).isoformat(),
                  hint=_("A week is usual; people read better with time.")),
            Asked("companion", _("Who came along"), optional=True,
                  hint=_("A colleague, or somebody the person trusts.")),
            Asked("notes", _("Notes"), "area", optional=True),
        ),
        done=_("The meeting is on record. %s can sign now.") % found.person.first_name,
        template="plans/meeting.html",
        extra={"guide": guide, "open_now": open_now, "meetings": list(found.first_meetings.all())},
    )  # fmt: skip

    def act(typed: Typed) -> object:
        return actions.present_plan(
            plan=found,
            held_on=day_typed(typed["held_on"], missing=_("The meeting needs a day")),
            answer_by=read_day(typed["answer_by"]),
            companion=typed["companion"],
            notes=typed["notes"],
            by=user,
        )

    return answer(request, found, page, act)


def _hash_of(plan: Plan, kind: VersionKind) -> str:
    version = plan.versions.filter(kind=kind).last()
    return version.content_hash if version else ""


def _letter_to_sign(plan: Plan) -> dict[str, object]:
    version = plan.versions.filter(kind=VersionKind.PRESENTED).last()
    if version is None:
        return {}
    return {"letter": letter_for(version, PaperKind.PLAN), "version": version}


def _name_and_consent() -> tuple[Asked, ...]:
    return (
        Asked("name", _("Your full name"), hint=_("As in your sign-in.")),
        Asked("consent", _("I agree to sign electronically."), "tick"),
    )


def typed_signature(request: HttpRequest, typed: Typed) -> actions.SignatureTyped:
    """What was typed under a document, with the document's hash from the page."""
    return actions.SignatureTyped(
        name=typed["name"],
        consent=bool(typed["consent"]),
        content_hash=request.POST.get("content_hash", ""),
        statement=typed.get("statement", ""),
    )


@BOTH
def sign(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The person reads the presented version and signs that it was received."""
    user = user_of(request)
    found = plan_for(user, plan_id)
    require(user, "plan.sign", found)
    until = day(found.answer_by) if found.answer_by else ""
    page = FormPage(
        title=_("Read and sign: %s") % found.name,
        lead=_("Your signature says that you received and read it, not that you agree. Last day: %s.") % until,
        heading=_("Your signature"),
        button=_("Sign that I received it"),
        asked=(
            Asked("statement", _("Your statement"), "area", optional=True,
                  hint=_("Kept word for word, printed with the plan, read by everybody who reads it.")),
            *_name_and_consent(),
            Asked("content_hash", kind="hidden", value=_hash_of(found, VersionKind.PRESENTED)),
        ),
        done=_("Signed. You find the document here whenever you want. The plan starts on %s.") % day(found.start_on),
        template="plans/sign.html",
        extra={
            **_letter_to_sign(found),
            "intent": signing.intent(found, SignatureKind.ACKNOWLEDGED),
            "may_refuse": may_take(found, "refuse", by=user),
        },
    )  # fmt: skip

    def act(typed: Typed) -> object:
        signed = typed_signature(request, typed)
        if request.POST.get("do") == "refuse":
            return actions.refuse_plan(plan=found, typed=signed, by=user)
        return actions.acknowledge_plan(plan=found, typed=signed, by=user)

    return answer(request, found, page, act)


@BOTH
def refuse(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The manager records that the person does not sign."""
    user = user_of(request)
    found = plan_for(user, plan_id)
    require(user, "plan.refuse", found)
    name = found.person.first_name
    page = FormPage(
        title=_("%s does not sign") % name,
        lead=_("That is allowed and says nothing about the plan. A witness confirms that it was handed over."),
        button=_("Record the refusal"),
        asked=(
            Asked("statement", _("What was said"), "area", optional=True),
            *_name_and_consent(),
            Asked("content_hash", kind="hidden", value=_hash_of(found, VersionKind.PRESENTED)),
        ),
        done=_("On record. HR or your leader confirms it as a witness."),
        extra={"intent": signing.intent(found, SignatureKind.REFUSED, by=user)},
    )
    return answer(
        request,
        found,
        page,
        lambda typed: actions.refuse_plan(plan=found, typed=typed_signature(request, typed), by=user),
    )


@BOTH
def witness(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Somebody who did not record the refusal confirms it."""
    user = user_of(request)
    found = plan_for(user, plan_id)
    require(user, "plan.witness", found)
    page = FormPage(
        title=_("Confirm as a witness"),
        lead=_("You confirm that the plan was handed over and that receipt was refused; nothing more."),
        button=_("Confirm it"),
        asked=(*_name_and_consent(), Asked("content_hash", kind="hidden", value=_hash_of(found, VersionKind.SIGNED))),
        done=_("Confirmed. The plan starts on its day by itself."),
        extra={"intent": signing.intent(found, SignatureKind.WITNESSED)},
    )
    return answer(
        request,
        found,
        page,
        lambda typed: actions.witness_refusal(plan=found, typed=typed_signature(request, typed), by=user),
    )


@BOTH
def answer_day(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Give the person more time to sign."""
    user = user_of(request)
    found = plan_for(user, plan_id)
    require(user, "plan.present", found)
    page = FormPage(
        title=_("More time to sign"),
        lead=_("Until now the last day was %s.") % (day(found.answer_by) if found.answer_by else "–"),
        button=_("Set the day"),
        asked=(Asked("answer_by", _("Last day to sign"), "date", (clock.today() + timedelta(days=7)).isoformat()),),
        done=_("The new day is set."),
    )
    return answer(
        request,
        found,
        page,
        lambda typed: actions.set_answer_day(
            plan=found, answer_by=day_typed(typed["answer_by"], missing=_("A day is missing")), by=user
        ),
    )
