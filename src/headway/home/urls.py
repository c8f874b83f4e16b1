from django.contrib.auth.views import LoginView, LogoutView
from django.urls import URLPattern, path

urlpatterns: list[URLPattern] = [
    path(
        "sign-in/",
        LoginView.as_view(template_name="home/sign_in.html", redirect_authenticated_user=True),
        name="sign-in",
    ),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
]
