"""What admins read of reminders and reporting periods, and the one thing they do: have a failed reminder sent again."""

from django.contrib import admin

from commitments.choices import ReminderState
from commitments.models import PeriodAct, Reminder
from systems.admin import ForAdmins, site


class _ToRead(ForAdmins):
    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False


@admin.register(Reminder, site=site)
class ReminderAdmin(_ToRead, admin.ModelAdmin):
    """Who was reminded of what, and when."""

    list_display = ["person", "period", "kind", "falls_on", "state", "sent_at", "error"]
    list_filter = ["state", "kind", "period"]
    list_select_related = ["person", "period"]
    search_fields = ["person__name", "person__email"]
    actions = ["send_again"]

    @admin.action(description="Send again, where it failed")
    def send_again(self, request, queryset):
        """The next sweep takes it. One that had arrived arrives under the same Message-ID."""
        failed = queryset.filter(state=ReminderState.FAILED)
        failed.update(state=ReminderState.WAITING, tries=0, tried_at=None)


@admin.register(PeriodAct, site=site)
class PeriodActAdmin(_ToRead, admin.ModelAdmin):
    """Who opened, nudged or closed which month of which system."""

    list_display = ["system", "period", "step", "done_by", "done_on"]
    list_filter = ["step", "period"]
    list_select_related = ["system", "period", "done_by"]
