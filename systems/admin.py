"""Where admins manage people, who speaks for whom, and what is locally expected: an admin site for these only.

What other packages offer (second factors with their secrets, scheduled tasks, groups) registers with Django's
default site, which has no address here: not even a superuser gets there.
"""

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib import admin

from ltp_portal.clock import today
from ltp_portal.securitylog import record
from systems.actions import expect
from systems.models import (
    Criterion,
    Domain,
    Expectation,
    Footprint,
    MaturityLevel,
    Membership,
    Organisation,
    Representative,
    User,
)

site = admin.AdminSite()


class ForAdmins:
    """Every admin may see, add and change; nobody deletes: an account is switched off, a membership ended."""

    def has_module_permission(self, request) -> bool:
        return request.user.is_active and request.user.is_staff

    def has_view_permission(self, request, obj=None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request, obj=None) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


@admin.register(User, site=site)
class UserAdmin(ForAdmins, admin.ModelAdmin):
    """People. A new account has no password: its owner signs in with a code sent by e-mail, or sets one."""

    list_display = ["name", "email", "is_active", "is_staff", "is_demo"]
    list_filter = ["is_active", "is_staff", "is_demo"]
    search_fields = ["name", "email"]
    fields = ["email", "name", "job_title", "manager", "is_active", "is_staff"]
    autocomplete_fields = ["manager"]
    actions = ["take_away_second_factors"]

    def lookup_allowed(self, lookup, value, request):
        """Nobody finds out a secret's hash by asking for accounts whose hash begins with this or that."""
        return not lookup.startswith(("password", "calendar_key")) and super().lookup_allowed(lookup, value, request)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if "email" in form.changed_data:
            # allauth remembers addresses of its own: the old one would go on opening the account.
            obj.emailaddress_set.all().delete()
        event = "account_changed" if change else "account_opened"
        record(event, request=request, account=obj.email, active=obj.is_active, admin=obj.is_staff, **_facts(form))

    @admin.action(description="Take away the second factor, for somebody who has lost it")
    def take_away_second_factors(self, request, queryset):
        """The owner is told, signs in with what is left, and sets up a new factor where their role needs one."""
        for person in queryset.filter(authenticator__isnull=False).distinct():
            person.authenticator_set.all().delete()
            record("second_factor_taken_away", request=request, account=person.email)
            get_adapter().send_notification_mail("mfa/email/totp_deactivated", person)


@admin.register(Membership, site=site)
class MembershipAdmin(ForAdmins, admin.ModelAdmin):
    """Who is what to which footprint, from when to when."""

    list_display = ["user", "role", "footprint", "starts_on", "ends_on"]
    list_filter = ["role"]
    list_select_related = ["user", "footprint"]
    search_fields = ["user__name", "user__email", "footprint__name", "footprint__code"]
    autocomplete_fields = ["user", "footprint"]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        record("role_changed", request=request, account=obj.user.email, footprint=obj.footprint.code, role=obj.role,
               **_facts(form))  # fmt: skip


class _LoadedFromFiles(ForAdmins):
    """What is loaded from files and never typed in."""

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False


@admin.register(Footprint, site=site)
class FootprintAdmin(_LoadedFromFiles, admin.ModelAdmin):
    """The map, to look things up on."""

    list_display = ["name", "code", "level", "kind"]
    list_filter = ["level"]
    search_fields = ["name", "code"]


@admin.register(Representative, site=site)
class RepresentativeAdmin(ForAdmins, admin.ModelAdmin):
    """Who speaks for which Healthwatch or council, from when to when."""

    list_display = ["user", "organisation", "starts_on", "ends_on"]
    list_select_related = ["user", "organisation"]
    search_fields = ["user__name", "user__email", "organisation__name"]
    autocomplete_fields = ["user", "organisation"]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        record("representative_changed", request=request, account=obj.user.email, organisation=obj.organisation.code,
               **_facts(form))  # fmt: skip


@admin.register(Organisation, site=site)
class OrganisationAdmin(_LoadedFromFiles, admin.ModelAdmin):
    """The bodies, to look things up on."""

    list_display = ["name", "code", "kind"]
    list_filter = ["kind"]
    search_fields = ["name", "code"]


class ExpectationForm(forms.ModelForm):
    """A level and a domain of one framework; or one criterion of them, expected by itself."""

    class Meta:
        model = Expectation
        fields = ["level", "domain", "criterion", "footprint_level", "footprint", "due_on", "source"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        level, domain = self.fields["level"], self.fields["domain"]
        assert isinstance(level, forms.ModelChoiceField) and isinstance(domain, forms.ModelChoiceField)
        level.queryset = MaturityLevel.objects.select_related("framework")
        domain.queryset = Domain.objects.select_related("framework")
        for field in (level, domain):
            field.label_from_instance = lambda one: f"{one.framework}: {one}"  # type: ignore[assignment, method-assign]
        domain.empty_label = "All areas"
        criterion = self.fields["criterion"]
        assert isinstance(criterion, forms.ModelChoiceField)
        criterion.queryset = Criterion.objects.select_related("domain__framework")
        criterion.label_from_instance = lambda one: f"{one.domain.framework}: {one}"  # type: ignore[assignment, method-assign]
        criterion.empty_label = "All criteria of the level"
        self.fields["footprint"].required = True
        self.fields["footprint"].error_messages["required"] = "Choose the footprint in which this is expected."

    def clean(self):
        level, domain = self.cleaned_data.get("level"), self.cleaned_data.get("domain")
        if level and domain and level.framework_id != domain.framework_id:
            self.add_error("domain", "Choose an area of the same framework as the level.")
        if criterion := self.cleaned_data.get("criterion"):
            self.cleaned_data["domain"] = domain or criterion.domain
            if level != criterion.level or self.cleaned_data["domain"] != criterion.domain:
                self.add_error("criterion", "Choose a criterion of the level and of the area.")
        return self.cleaned_data


@admin.register(Expectation, site=site)
class ExpectationAdmin(ForAdmins, admin.ModelAdmin):
    """What is expected by when. Those of all England are loaded from files; local ones are added here."""

    form = ExpectationForm
    list_display = ["level", "domain", "criterion", "footprint_level", "footprint", "due_on", "source"]
    list_filter = ["footprint_level"]
    list_select_related = ["level", "domain", "criterion", "footprint"]
    autocomplete_fields = ["footprint"]

    def has_change_permission(self, request, obj=None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.code is None)

    def save_model(self, request, obj, form, change):
        day = today()
        if not change:
            obj.recorded_on = day
        expect(expectation=obj, today=day)
        record("expectation_changed", request=request, footprint=obj.footprint.code, due_on=obj.due_on.isoformat(),
               **_facts(form))  # fmt: skip


def _facts(form) -> dict:
    return {"changed": sorted(form.changed_data)}
