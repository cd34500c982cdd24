"""Every address of the portal. ``tests/architecture/test_doors.py`` lists who may open
each of them."""

from allauth.account import views as account_views
from django.contrib import admin
from django.urls import include, path

from unionportal import views

handler400 = "unionportal.views.bad_request"
handler403 = "unionportal.views.forbidden"
handler404 = "unionportal.views.not_found"
handler500 = "unionportal.views.server_error"

urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("my/", views.MyView.as_view(), name="my"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("accounts/login/", account_views.login, name="account_login"),
    path("accounts/logout/", account_views.logout, name="account_logout"),
    path("accounts/signup/", account_views.signup, name="account_signup"),
    path("accounts/inactive/", account_views.account_inactive, name="account_inactive"),
    path("accounts/", include("members.security.urls")),
    path("news/", include("news.urls")),
    path("activities/", include("activities.urls")),
    path("signups/", include("signups.urls")),
    path("honors/", include("honors.urls")),
    path("volunteers/", include("volunteers.urls")),
    path("admin/", admin.site.urls),
]
