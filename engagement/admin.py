"""Where admins say who sits on which committee, from when to when. Committees themselves are loaded from files."""

from django.contrib import admin

from engagement.models import Committee, CommitteeMembership
from ltp_portal.securitylog import record
from systems.admin import ForAdmins, site
from systems.choices import OrganisationKind
from systems.models import Organisation


@admin.register(Committee, site=site)
class CommitteeAdmin(ForAdmins, admin.ModelAdmin):
    """The committees, to look things up on."""

    list_display = ["name", "kind", "is_standing", "verified"]
    list_filter = ["kind"]
    search_fields = ["name", "slug"]

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False


@admin.register(CommitteeMembership, site=site)
class CommitteeMembershipAdmin(ForAdmins, admin.ModelAdmin):
    """Seats. Whoever leaves gets a last day; the row stays."""

    list_display = ["person", "role", "committee", "council", "starts_on", "ends_on"]
    list_filter = ["role", "committee"]
    list_select_related = ["user", "committee", "council"]
    search_fields = ["name", "user__name", "user__email", "committee__name"]
    autocomplete_fields = ["committee", "user"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "council":
            kwargs["queryset"] = Organisation.objects.filter(kind=OrganisationKind.LOCAL_AUTHORITY)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        account = obj.user.email if obj.user else ""
        changed = sorted(form.changed_data)
        record(
            "seat_changed",
            request=request,
            account=account,
            committee=obj.committee.slug,
            role=obj.role,
            changed=changed,
        )
