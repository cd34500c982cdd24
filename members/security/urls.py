"""Addresses under /accounts/. The names with ``mfa_`` are those the library asks for."""

from django.urls import path

from members.security import views

urlpatterns = [
    path("security/", views.SecurityView.as_view(), name="account_security"),
    path("devices/end/", views.EndDevicesView.as_view(), name="account_end_devices"),
    path(
        "password/change/",
        views.ChangePasswordView.as_view(),
        name="account_change_password",
    ),
    path(
        "password/renew/",
        views.RenewPasswordView.as_view(),
        name="account_renew_password",
    ),
    path("rested/", views.RestedView.as_view(), name="account_rested"),
    path("second-factor/", views.CodeView.as_view(), name="mfa_authenticate"),
    path(
        "second-factor/first/", views.FirstSetUpView.as_view(), name="mfa_first_set_up"
    ),
    path("second-factor/set-up/", views.SetUpView.as_view(), name="mfa_set_up"),
    path(
        "second-factor/codes/",
        views.RecoveryCodesView.as_view(),
        name="mfa_recovery_codes",
    ),
    path("second-factor/off/", views.SwitchOffView.as_view(), name="mfa_switch_off"),
    path("kept/", views.KeptView.as_view(), name="account_kept"),
    path("kept/drop/", views.KeptDropView.as_view(), name="account_kept_drop"),
    path("unused/", views.UnusedView.as_view(), name="account_unused"),
]
