"""The layout, the components page, the choice of look, the error pages: by request, as a browser would."""

import re

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django.fixtures import Settings

from headway.core.errors import BadInput
from headway.people.models import User
from headway.web import context
from headway.web.errors import HeadwayErrors
from headway.web.templatetags import headway as tags

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    user = User(email="marta@alderwick.example", name="Marta Lindqvist", role="manager")
    user.set_unusable_password()
    user.save()
    browser = Client()
    browser.force_login(user)
    return browser


def test_the_components_page_shows_every_component(client: Client) -> None:
    page = client.get(reverse("components")).content.decode()
    for name in (
        "verdict--luck",
        "need",
        "calmrow",
        "wf__bar",
        "fn__say",
        "ledger",
        "stickybar",
        "pager",
        "progress",
        "seg",
    ):
        assert f'"{name}' in page or f" {name}" in page, name
    assert page.count('role="img"') > 20


def test_ids_on_the_components_page_are_unique(client: Client) -> None:
    ids = re.findall(r'\bid="([^"]+)"', client.get(reverse("components")).content.decode())
    assert sorted({one for one in ids if ids.count(one) > 1}) == []


def test_every_reference_on_the_components_page_leads_somewhere(client: Client) -> None:
    page = client.get(reverse("components")).content.decode()
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    named = {one for group in re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', page) for one in group.split()}
    assert named - ids == set()


def test_pages_carry_no_inline_style_or_script(client: Client) -> None:
    page = client.get(reverse("components")).content.decode()
    assert not re.search(r"\sstyle=|\son\w+=|<script>|<style", page)


def test_pages_name_the_reader_and_the_company(client: Client) -> None:
    page = client.get(reverse("components")).content.decode()
    assert "Signed in as Marta Lindqvist" in page
    assert 'class="skip"' in page
    assert re.search(r'<html lang="en[^"]*" dir="ltr">', page)


def test_the_look_is_remembered_without_script(client: Client) -> None:
    answer = client.post(reverse("set-theme"), {"theme": "dark", "next": "/components/"})
    assert answer.headers["Location"] == "/components/"
    assert 'data-theme="dark"' in client.get("/components/").content.decode()
    client.post(reverse("set-theme"), {"theme": "mauve"})
    assert 'data-theme="dark"' in client.get("/components/").content.decode()


def test_the_way_back_never_leads_to_another_site(client: Client) -> None:
    answer = client.post(reverse("set-theme"), {"theme": "light", "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"


def test_the_look_can_be_chosen_before_signing_in() -> None:
    assert Client().post(reverse("set-theme"), {"theme": "dark"}).status_code == 302
    assert Client().get(reverse("set-theme")).status_code == 405


def test_an_unknown_address_is_answered_in_our_voice(client: Client) -> None:
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


def test_the_page_for_our_own_faults_needs_nothing() -> None:
    page = Template("{% include '500.html' %}").render(Context())
    assert "Something broke on our side" in page
    assert "{%" not in page


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html"])
def test_error_pages_stand_without_a_person(name: str) -> None:
    assert "Go to the first page" in Template(f"{{% include '{name}' %}}").render(Context())


@pytest.mark.parametrize("by_htmx", [False, True])
def test_an_error_says_what_which_value_and_what_to_do(by_htmx: bool) -> None:
    request = RequestFactory().get("/")
    request.htmx = by_htmx  # type: ignore[attr-defined]
    error = BadInput("The date does not exist", value="<31.06.2026>", todo="Mend it in the CRM.")
    answer = HeadwayErrors(lambda _request: None).process_exception(request, error)  # type: ignore[arg-type, return-value]
    assert answer is not None
    words = answer.content.decode()
    assert answer.status_code == 400
    assert "&lt;31.06.2026&gt;" in words
    assert "Mend it in the CRM." in words
    assert ("<html" in words) is not by_htmx


def test_navigation_offers_only_what_exists() -> None:
    context._leads_somewhere.cache_clear()
    assert context.link("/no-such-place/") is None
    assert context.link("/components/") == "/components/"


def test_the_place_one_is_in_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "link", lambda path: path)
    marked = {item.path: item.current for item in context.navigation("manager", "/plans/7/")}
    assert list(marked) == ["/", "/team/", "/watch/", "/figures/", "/plans/", "/check-ins/", "/outcomes/"]
    assert [path for path, current in marked.items() if current] == ["/plans/"]
    assert [item.path for item in context.navigation("manager", "/") if item.current] == ["/"]
    assert context.navigation("nobody", "/") == ()


def test_each_role_finds_its_own_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "link", lambda path: path)
    found = {role: [item.path for item in context.navigation(role, "/")] for role in context.NAVIGATION}
    assert found["rep"] == ["/", "/figures/", "/plans/", "/check-ins/", "/outcomes/"]
    fair, told = (
        ["/consistency/", "/equal-treatment/", "/outcomes/"],
        ["/metrics/", "/policy/", "/audit/", "/overview/"],
    )
    assert found["hr"] == ["/", "/plans/", *fair, *told]
    assert found["admin"] == ["/data/", "/metrics/", "/overview/", "/company/"]


NASTY = '"><script>alert(1)</script>'
COMPONENTS = (
    '<c-button :title="bad">{{ bad }}</c-button>',
    '<c-button why="{{ bad }}">{{ bad }}</c-button>',
    '<c-button href="{{ bad }}" :data-x="bad">ok</c-button>',
    '<c-field name="n" :label="bad" :value="bad" :hint="bad" :error="bad" :placeholder="bad" />',
    '<c-field kind="area" name="n" label="l" value="{{ bad }}" />',
    '<c-need :name="bad" :meta="bad" :verdict="bad" href="{{ bad }}">x</c-need>',
    '<c-who :name="bad" :meta="bad" />',
    '<c-card :title="bad" :note="bad" :data-y="bad">x</c-card>',
    '<c-mapping-row :column="bad" :example="bad" :name="bad" :note="bad" />',
    '<c-note :title="bad">{{ bad }}</c-note>',
    '<c-disclosure :summary="bad" :data-z="bad">x</c-disclosure>',
    '<c-waiting :note="bad" :label="bad" :data-z="bad">x</c-waiting>',
    '<c-choice :legend="bad" :hint="bad" name="q" :options="pairs" />',
    '<c-tick :hint="bad" :data-z="bad">{{ bad }}</c-tick>',
    '<c-evidence-item :when="bad" :source="bad" quote>{{ bad }}</c-evidence-item>',
    '<c-head :title="bad" :lead="bad" :name="bad" :meta="bad" />',
    '<c-sticky-bar :status="bad" :label="bad">x</c-sticky-bar>',
)


@pytest.mark.parametrize("written", COMPONENTS)
def test_components_escape_what_they_are_given(written: str) -> None:
    from django_cotton.compiler_regex import CottonCompiler

    source = CottonCompiler().process(written)
    words = Template(source).render(Context({"bad": NASTY, "pairs": [(NASTY, NASTY)]}))
    assert "<script" not in words
    assert "&lt;script" in words
    assert "&amp;lt;" not in words


def test_attributes_passed_on_are_escaped_and_never_run() -> None:
    given = {"hx-get": "/x?a=1&b=2", "data-note": NASTY, "onclick": "run()", "style": "color:red", "required": True,
             "hidden": False, "hx-on:click": "run()", "a b": "x"}  # fmt: skip
    words = tags.attributes(given)
    assert words == 'hx-get="/x?a=1&amp;b=2" data-note="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" required'


def test_a_link_to_another_page_keeps_every_other_choice() -> None:
    request = RequestFactory().get("/?team=North&page=2")
    assert tags.page_link(Context({"request": request}), 3) == "?team=North&page=3"
    assert tags.page_link(Context(), 2) == "?page=2"


def test_what_a_component_knows_is_not_passed_on() -> None:
    from django_cotton.compiler_regex import CottonCompiler

    source = CottonCompiler().process('<c-button tone="primary" small name="go" hx-post="/x/">Go</c-button>')
    words = Template(source).render(Context()).strip()
    assert words == '<button type="button" class="btn btn--primary btn--sm" name="go" hx-post="/x/">Go</button>'


def test_the_state_of_the_data_is_linked_for_those_who_may_see_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "link", lambda path: path)
    monkeypatch.setattr(context, "MAY_SEE_DATA", "company.view")
    request = RequestFactory().get("/")
    request.user = User(name="Tomás", role="revops")
    assert context.page(request)["data_health"] == "/data/"
    request.user = User(name="Jonas", role="rep")
    assert context.page(request)["data_health"] is None
    monkeypatch.setattr(context, "MAY_SEE_DATA", "no.such.permission")
    request.user = User(name="Tomás", role="revops")
    assert context.page(request)["data_health"] is None


def test_an_empty_picture_says_so_in_words_that_wrap(client: Client) -> None:
    page = client.get(reverse("components")).content.decode()
    assert re.search(r"<figcaption[^>]*>No estimate yet: 2 deals closed", page)


def test_a_second_language_brings_a_choice_of_languages(client: Client, settings: Settings) -> None:
    assert "look-language" not in client.get("/components/").content.decode()
    settings.LANGUAGES = [("en-gb", "English"), ("ar", "العربية")]
    assert "look-language" in client.get("/components/").content.decode()
    client.post(reverse("set-language"), {"language": "ar", "next": "/components/"})
    assert 'lang="ar" dir="rtl"' in client.get("/components/").content.decode()
