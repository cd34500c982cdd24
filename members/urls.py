"""Pages of one's own account. Their names are the log-in library's where it has one."""

from allauth.account import views as account_views
from django.urls import path

from members.views import codes, consents, login

urlpatterns = [
    path("login/", login.LoginView.as_view(), name="account_login"),
    path(
        "login/code/", codes.LoginCodeView.as_view(), name="account_request_login_code"
    ),
    path("logout/", account_views.logout, name="account_logout"),
    path("inactive/", account_views.account_inactive, name="account_inactive"),
    path("signup/", codes.SignupView.as_view(), name="account_signup"),
    path("privacy/", consents.PrivacyView.as_view(), name="account_privacy"),
    path("consent/", consents.ConsentView.as_view(), name="account_consent"),
    path("login/prove/", codes.ProvePhoneView.as_view(), name="account_prove_phone"),
    path("code/", codes.CodeView.as_view(), name="account_code"),
    path("code/again/", codes.ResendView.as_view(), name="account_code_again"),
    path("password/reset/", codes.ResetView.as_view(), name="account_reset_password"),
    path("password/new/", codes.SetPasswordView.as_view(), name="account_set_password"),
    path("phone/", codes.ChangePhoneView.as_view(), name="account_change_phone"),
    path("phone/old/", codes.OldPhoneView.as_view(), name="account_change_phone_old"),
    path("phone/new/", codes.NewPhoneView.as_view(), name="account_change_phone_new"),
]
