"""How allauth and axes behave in this portal: no sign-up, mail off the request, every step in the security log."""

import time
from types import SimpleNamespace
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth import get_user_model
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from ltp_portal import securitylog, tasks
from ltp_portal.backends import PortalBackend

# Session keys of ltp_portal.middleware.
SIGNED_IN_AT = "signed_in_at"
SECOND_FACTOR_SET_UP = "second_factor_set_up"

WRONG_CODE = "The code is not right, or it has expired"

_SECOND_FACTOR_ADDED = ("mfa/email/totp_activated", "mfa/email/webauthn_added")


class AccountAdapter(DefaultAccountAdapter):
    """Admins open accounts; nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The email address or the password is not right",
        "account_inactive": "This account is switched off",
        "incorrect_password": "The password is not right",
        "enter_current_password": "The current password is not right",
        "incorrect_code": WRONG_CODE,
        "rate_limited": "You have tried too often. Wait 5 minutes, then try again",
        "too_many_login_attempts": "You have tried too often. Wait 5 minutes, then try again",
        "invalid_password_reset": "This link has been used or has expired. Ask for a new one",
    }

    def is_open_for_signup(self, request) -> bool:
        return False

    def get_client_ip(self, request) -> str:
        return securitylog.client_address(request) or ""

    def is_safe_url(self, url: str) -> bool:
        """`next` names a path of the portal; with a host, even one of ours, it is not followed."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def pre_authenticate(self, request, **credentials) -> None:
        """axes counts the wrong passwords of an account; allauth's limit "login" counts those of an address."""

    def authentication_failed(self, request, **credentials) -> None:
        user = get_user_model().objects.filter(email=credentials.get("email", "").lower()).first()
        securitylog.record("sign_in_failed", request=request, user=user, account="known" if user else "unknown")

    def pre_login(self, request, user, **facts):
        """Whichever way somebody signs in, with a password, a code or a key: asks whether the account is in use."""
        if PortalBackend().user_can_authenticate(user):
            return super().pre_login(request, user, **facts)
        securitylog.record("sign_in_refused", request=request, user=user)
        request.session.flush()
        return self.respond_user_inactive(request, user)

    def login(self, request, user) -> None:
        super().login(request, user)
        request.session[SIGNED_IN_AT] = int(time.time())
        securitylog.record("signed_in", request=request, user=user)

    def logout(self, request) -> None:
        securitylog.record("signed_out", request=request)
        super().logout(request)

    def get_password_change_redirect_url(self, request) -> str:
        return reverse("account")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Links in mail begin with the configured address, whatever host the request named."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.SITE_URL + path.replace("UID-KEY", key)

    def send_notification_mail(self, template_prefix: str, user, context=None, email=None) -> None:
        """allauth tells the owner of each change to an account; the log hears of it too."""
        if template_prefix in _SECOND_FACTOR_ADDED:
            self.request.session[SECOND_FACTOR_SET_UP] = True
        securitylog.record(template_prefix.rsplit("/", 1)[-1], request=self.request, user=user)
        super().send_notification_mail(template_prefix, user, context, email)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        site = SimpleNamespace(name=settings.SERVICE_NAME, domain=urlsplit(settings.SITE_URL).netloc)
        facts = {"email": email, "current_site": site, "site_url": settings.SITE_URL, **context}
        tasks.post(self.render_mail(template_prefix, email, facts))


class MFAAdapter(DefaultMFAAdapter):
    """The second factor, in the same words."""

    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": WRONG_CODE}


def user_display(user) -> str:
    return user.name or user.email


def axes_username(request, credentials: dict | None = None) -> str:
    """What axes counts wrong passwords by: the address as typed, in one spelling, whether or not it has an account."""
    typed = credentials or {}
    return (typed.get("email") or typed.get("username") or request.POST.get("login", "")).strip().lower()[:255]


def locked_out(request, original_response=None, credentials=None):
    """The page after ten wrong passwords: the same words whether or not the account exists."""
    securitylog.record("locked_out", request=request)
    response = render(request, "account/locked_out.html", status=429)
    response["Retry-After"] = int(settings.AXES_COOLOFF_TIME.total_seconds())
    return response
