"""allauth's forms in plain words: labels, hints and messages as the NHS service manual writes them."""

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.core.validators import EmailValidator, RegexValidator

from ltp_portal.securitylog import record

EMAIL = ("Email address", "Enter your email address")
PASSWORD = ("Password", "Enter your password")
NEW_PASSWORD = ("New password", "Enter a new password")
NEW_PASSWORD_AGAIN = ("New password again", "Enter the new password again")
CODE = ("Code", "Enter the code")
PASSWORD_HINT = "12 characters or more. Three random words make a good password."  # noqa: S105


class PlainWords(forms.Form):
    """Gives each field its label and its "nothing entered" message; takes away placeholders, which vanish on typing."""

    words: dict[str, tuple[str, str]] = {}
    hints: dict[str, str] = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.help_text = self.hints.get(name, "")
            if name in self.words:
                field.label, field.error_messages["required"] = self.words[name]
        self._say_what_an_address_looks_like()

    def _say_what_an_address_looks_like(self) -> None:
        for name in {"login", "email"} & self.fields.keys():
            field = self.fields[name]
            message = "Enter an email address in the right format, such as name@example.org"
            field.error_messages["invalid"] = message
            for validator in field.validators:
                if isinstance(validator, RegexValidator | EmailValidator):
                    validator.message = message


class LoginForm(PlainWords, account.LoginForm):
    words = {"login": EMAIL, "password": PASSWORD}


class RequestLoginCodeForm(PlainWords, account.RequestLoginCodeForm):
    words = {"email": EMAIL}


class ConfirmLoginCodeForm(PlainWords, account.ConfirmLoginCodeForm):
    """A wrong code goes into the security log: the third ends the try."""

    words = {"code": ("Code from the email", "Enter the code from the email")}

    def clean_code(self) -> str:
        try:
            return super().clean_code()
        except forms.ValidationError:
            record("sign_in_code_failed", request=context.request)
            raise


class ResetPasswordForm(PlainWords, account.ResetPasswordForm):
    words = {"email": EMAIL}


class NewPasswordTwice(PlainWords):
    words = {
        "oldpassword": ("Current password", "Enter your current password"),
        "password1": NEW_PASSWORD,
        "password2": NEW_PASSWORD_AGAIN,
    }
    hints = {"password1": PASSWORD_HINT}


class ResetPasswordKeyForm(NewPasswordTwice, account.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(NewPasswordTwice, account.ChangePasswordForm):
    pass


class SetPasswordForm(NewPasswordTwice, account.SetPasswordForm):
    pass


class ReauthenticateForm(PlainWords, account.ReauthenticateForm):
    words = {"password": PASSWORD}


class LoggedCode(mfa.BaseAuthenticateForm):
    """A wrong second factor goes into the security log."""

    def _emit_authentication_failed(self, authenticator) -> None:
        record("second_factor_failed", request=context.request, user=self.user)
        super()._emit_authentication_failed(authenticator)


class SecondFactorForm(LoggedCode, PlainWords, mfa.AuthenticateForm):
    words = {"code": CODE}
    hints = {"code": "The 6 digits your authenticator app shows, or one of your recovery codes."}


class ConfirmSecondFactorForm(LoggedCode, PlainWords, mfa.ReauthenticateForm):
    words = {"code": CODE}
    hints = SecondFactorForm.hints


class ActivateTOTPForm(PlainWords, totp.ActivateTOTPForm):
    words = {"code": CODE}
    hints = {"code": "The 6 digits your authenticator app shows."}
