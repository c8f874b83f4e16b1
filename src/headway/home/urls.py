"""Addresses of the first pages."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import URLPattern, path

from headway.home import fairness_pages, pages
from headway.home.forms import SignInForm

urlpatterns: list[URLPattern] = [
    path("", pages.home, name="home"),
    path("team/", pages.team, name="team"),
    path("team/journey/", pages.team_journey, name="team-journey"),
    path("people/<path:person_id>/deals/", pages.deals, name="person-deals"),
    path("watch/", pages.watch, name="watch"),
    path("overview/", pages.overview, name="overview"),
    path("overview/panel/", pages.overview_panel, name="overview-panel"),
    path("equal-treatment/", fairness_pages.equal_treatment, name="equal-treatment"),
    path("consistency/", fairness_pages.consistency, name="consistency"),
    path("audit/", pages.record, name="audit"),
    path("company/", pages.settings_page, name="company"),
    path(
        "sign-in/",
        LoginView.as_view(
            template_name="home/sign_in.html",
            redirect_authenticated_user=True,
            authentication_form=SignInForm,
        ),
        name="sign-in",
    ),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("people/<path:person_id>/", pages.person, name="person"),
]
