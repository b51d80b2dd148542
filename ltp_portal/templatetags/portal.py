"""The portal's own tags and filters. Built into every template: no page has to load them."""

import datetime as dt
from decimal import Decimal
from functools import cache
from uuid import uuid4

from django import template
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from commitments import sentences
from commitments.choices import Status
from commitments.sentences import day_in_words
from ltp_portal import drawn, unsent
from ltp_portal.exports import ASKS_FOR, FILES
from systems.sentences import NO_DATA

register = template.Library()


@cache
def _component(name: str):
    """The macro of one NHS component: "tag", "summary-list", or "tables.table" where the names differ."""
    folder, _, macro = name.partition(".")
    first, *rest = (macro or folder).split("-")
    engine = engines["nhsuk"]
    assert isinstance(engine, Jinja2)
    module = engine.env.get_template(f"nhsuk/components/{folder}/macro.jinja").module
    return getattr(module, first + "".join(word.title() for word in rest))


@register.simple_tag
def nhsuk(component: str, params: dict | None = None, **more) -> SafeString:
    """`{% nhsuk 'tag' text='Demonstration' colour='yellow' %}`. The component escapes what it is given."""
    return mark_safe(_component(component)({**(params or {}), **more}))  # noqa: S308


@register.inclusion_tag("_components/form_token.html")
def form_token() -> dict[str, str]:
    """In place of `{% csrf_token %}` in a form that writes. Django hands the token of the page on by itself."""
    return {"key": uuid4().hex}


@register.simple_tag(takes_context=True)
def writer_token(context) -> SafeString:
    """For forms with much to type: who writes, signed, so that nothing is lost where they are signed out meanwhile."""
    return format_html('<input type="hidden" name="{}" value="{}">', unsent.WRITER, unsent.token(context["user"]))


@register.inclusion_tag("_components/unsent_notice.html", takes_context=True)
def unsent_notice(context) -> dict[str, str | bool]:
    """Says where a form shows what its writer was about to send when they were signed out. Nothing elsewhere."""
    request, form = context["request"], context.get("form")
    page = "" if request.method == "POST" else unsent.page_of(request)
    return {"page": page, "has_file": form is not None and form.is_multipart()}


@register.inclusion_tag("_components/drawn_export_links.html", takes_context=True)
def export_links(context, name: str, what: str) -> dict:
    """Below a list that the page draws itself: its files. `name` is what the view calls it, `what` what it holds."""
    return {"request": context["request"], "files": [(f"{name}-{ASKS_FOR}", *file) for file in FILES], "what": what}


def _local(value: dt.datetime) -> dt.datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """30 September 2019; "No data" where there is none."""
    if value is None or value == "":
        return NO_DATA
    return day_in_words(_local(value).date() if isinstance(value, dt.datetime) else value)


@register.filter
def moment(value: dt.datetime | None) -> str:
    """30 September 2019 at 5:30pm, as the NHS service manual writes it."""
    if value is None or value == "":
        return NO_DATA
    return f"{day_in_words(_local(value).date())} at {time_of_day(value)}"


@register.filter
def time_of_day(value: dt.datetime) -> str:
    """5:30pm, midday, midnight: as the NHS service manual writes it."""
    return clock_time(_local(value).time())


@register.filter
def clock_time(value: dt.time) -> str:
    """The same of a time that belongs to no day."""
    if (value.hour, value.minute) in ((0, 0), (12, 0)):
        return "midday" if value.hour else "midnight"
    minutes = f":{value.minute:02}" if value.minute else ""
    return f"{value.hour % 12 or 12}{minutes}{'pm' if value.hour >= 12 else 'am'}"


@register.filter
def at_moment(value: dt.datetime, now: dt.datetime) -> str:
    """at 5:30pm; of another day than now: on 30 September 2019 at 5:30pm."""
    is_of_today = _local(value).date() == _local(now).date()
    return f"at {time_of_day(value)}" if is_of_today else f"on {moment(value)}"


@register.filter
def number(value: Decimal | float | None) -> str:
    """1,250; no decimals where there are none; "No data" where there is no number."""
    return NO_DATA if value is None or value == "" else sentences.number(Decimal(value))


@register.filter
def or_no_data(value) -> str:
    """Never a blank cell."""
    return NO_DATA if value is None or value == "" else value


@register.filter
def status_word(value: str) -> str:
    """The word that always stands beside a status's colour."""
    return Status(value).label


@register.filter
def status_tag(value: str) -> SafeString:
    """A status, its word in its colour."""
    return drawn.status_tag(value)


@register.filter
def maturity_tag(value: str) -> SafeString:
    """How a domain stands against what is expected of it, its word in its colour."""
    return drawn.maturity_tag(value)


@register.filter
def table_rows(table) -> SafeString:
    """The rows of a list."""
    return drawn.table_rows(table)


@register.filter
def first_id(field) -> str:
    """The id an error summary links to: a field's own, or that of its first box."""
    if field.use_fieldset:
        return field.subwidgets[0].id_for_label if len(field.subwidgets) else field.auto_id
    return field.id_for_label


@register.filter
def inline_svg(document: str) -> SafeString:
    """An SVG document of our own making, without its XML declaration, to stand inside a page."""
    return mark_safe(document[document.index("<svg") :])  # noqa: S308
