"""The list of committees, and who sits on one."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from engagement.models import Committee, CommitteeMembership
from systems.tables.base import FIGURES, ListTable, in_file, small


class CommitteeTable(ListTable):
    """Committees, one's own first. Expects what `for_list` adds."""

    name = tables.Column(verbose_name="Committee", order_by=("name", "pk"))
    kind = tables.Column(verbose_name="Kind", order_by=("kind", "name"))
    awaiting = tables.Column(verbose_name="Awaiting an answer", order_by=("awaiting", "name"), attrs=FIGURES)
    overdue = tables.Column(verbose_name="Of these overdue", order_by=("overdue", "name"), attrs=FIGURES)

    is_own = in_file("is_own", "You sit on it")
    source = in_file("source", "Source")

    caption = "Committees and boards you may see, your own first"
    file_name = "committees"

    class Meta(ListTable.Meta):
        model = Committee
        fields = ("name", "kind", "awaiting", "overdue")
        empty_text = "No committee."

    def value_is_own(self, value: bool) -> str:
        return "Yes" if value else "No"

    def value_name(self, value: str) -> str:
        return value

    def render_name(self, record: Committee, value: str) -> SafeString:
        beside = small("You sit on it") if record.is_own else ""  # type: ignore[attr-defined]
        return format_html('<a href="{}">{}</a>{}', reverse("engagement:committee", args=[record.slug]), value, beside)


class MemberTable(ListTable):
    """Seats, as the file of a committee's members holds them."""

    council = tables.Column(accessor="council__name", verbose_name="Council")
    person = tables.Column(verbose_name="Name")
    role = tables.Column(verbose_name="Role")
    starts_on = tables.Column(verbose_name="Term begins")
    ends_on = tables.Column(verbose_name="Term ends")
    source = tables.Column(verbose_name="Source")
    file_name = "committee-members"

    class Meta(ListTable.Meta):
        model = CommitteeMembership
        fields = ("council", "person", "role", "starts_on", "ends_on", "source")
