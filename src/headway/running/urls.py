"""Addresses of running plans."""

from django.urls import URLPattern, path

from headway.running.pages import change, check_in, coaching, ledger, mail, progress

urlpatterns: list[URLPattern] = [
    path("plans/<int:plan_id>/progress/", progress.progress, name="plan-progress"),
    path("plans/<int:plan_id>/progress/<slug:key>/", progress.behind, name="plan-behind"),
    path("plans/<int:plan_id>/change/", change.change, name="plan-change"),
    path("plans/<int:plan_id>/coaching/", coaching.coaching, name="plan-coaching"),
    *(
        path(f"plans/<int:plan_id>/coaching/{what}/", coaching.step, {"what": what}, name=f"plan-coaching-{what}")
        for what in ("plan", "hold", "score", "mark")
    ),
    path("plans/<int:plan_id>/wins/", progress.add_win, name="plan-win"),
    path("plans/<int:plan_id>/ledger/", ledger.ledger, name="plan-ledger"),
    path("plans/<int:plan_id>/ledger/<slug:key>/given/", ledger.give, name="support-give"),
    path("plans/<int:plan_id>/ledger/<slug:key>/answer/", ledger.answer, name="support-answer"),
    path("plans/<int:plan_id>/ledger/<slug:key>/mark/", ledger.mark, name="action-mark"),
    path("plans/<int:plan_id>/agreements/<int:agreement_id>/done/", ledger.keep, name="agreement-keep"),
    path("plans/<int:plan_id>/check-ins/<int:number>/", check_in.check_in, name="check-in"),
    path("plans/<int:plan_id>/check-ins/<int:number>/save/", check_in.save, name="check-in-save"),
    *(
        path(
            f"plans/<int:plan_id>/check-ins/<int:number>/{what}/",
            check_in.step,
            {"what": what},
            name=f"check-in-{what}",
        )
        for what in ("held", "move", "skip", "confirm", "agree")
    ),
    path("check-ins/", check_in.check_ins, name="check-ins"),
    path("mail/", mail.mail, name="mail"),
    path("mail/choose/", mail.choose, name="mail-choose"),
    path("mail/stop/<str:token>/", mail.stop, name="mail-stop"),
    path("promises/", ledger.promises, name="promises"),
]
