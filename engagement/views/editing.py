"""A form, from the page that shows it to the redirect once it was taken. Nothing is overwritten in silence."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from commitments.forms.choosing import ChoosingForm, sent_again
from commitments.presenters import writing
from engagement import actions
from engagement.views.access import Crumbs
from ltp_portal import unsent


@dataclass(frozen=True)
class Page:
    """What a form's page says, what is done with the form, and where its writer goes then."""

    heading: str
    caption: str
    crumbs: Crumbs
    # The form from what was sent, from what its writer was about to send, or from nothing.
    form: Callable[[Any, Any], forms.Form]
    # Writes, and returns the address of the page that shows it.
    act: Callable[[Any], str]
    done: str
    button: str = "Save"
    # What stands in the page beside the form, read when it is shown.
    beside: Callable[[], Mapping[str, Any]] = dict
    template: str = "engagement/form.html"
    # The box beside which the database's refusal is shown.
    refused_at: str | None = None
    # What is shown where somebody else was first.
    conflict: Callable[["Page", Any, Any], HttpResponse] | None = None

    def shown(self, form: forms.Form, **more: Any) -> dict[str, Any]:
        words = {"heading": self.heading, "caption": self.caption, "crumbs": self.crumbs, "button": self.button}
        return {**words, **self.beside(), "form": form, **more}


def write(request, page: Page) -> HttpResponse:
    """Shows the form; takes it where it is right; shows it again, with what is wrong, where it is not."""
    form = page.form(unsent.sent(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            address = page.act(form)
        except actions.Conflict:
            assert page.conflict is not None
            return page.conflict(page, request, form)
        except ValidationError as refusal:
            form.add_error(page.refused_at, refusal.messages)
        else:
            messages.success(request, page.done)
            return redirect(address)
    return render(request, page.template, page.shown(form))


# --- A record that two people change ----------------------------------------------------------------------


def as_shown(record: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """A record by the names of its form's fields, with its version."""
    return {name: getattr(record, name) for name in (*names, "version")}


def decided(form: ChoosingForm) -> int:
    """The version that was read. Whoever comes from the page with both texts has chosen between all that differ."""
    if form.undecided:
        raise actions.Conflict
    return form.cleaned_data["version"]


def both_texts(record: Any, names: tuple[str, ...]) -> Callable[[Page, Any, ChoosingForm], HttpResponse]:
    """The page with both texts, field by field, to choose from."""

    def conflict(page: Page, request, form: ChoosingForm) -> HttpResponse:
        stored = as_shown(type(record)._base_manager.get(pk=record.pk), names)
        theirs, yours = (
            {name: _in_words(form, name, words[name]) for name in names} for words in (stored, form.cleaned_data)
        )
        labels = {name: str(form.fields[name].label) for name in names}
        more = {
            "rows": writing.side_by_side(labels, theirs, yours, chosen=form.chosen),
            "undecided": form.undecided,
            "again": request.path,
            "sent_again": sent_again(form, version=stored["version"]),
        }
        return render(request, "engagement/edit_conflict.html", {**page.shown(form, **more), "form": None}, status=409)

    return conflict


def _in_words(form: forms.Form, name: str, value: Any) -> str:
    """A value as the form's reader knows it: the label of a choice, a time without seconds."""
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    return writing.in_words(dict(getattr(form.fields[name], "choices", None) or ()).get(value, value))


# --- What is only added to --------------------------------------------------------------------------------


def read_again(version: Callable[[], int]) -> Callable[[Page, Any, forms.Form], HttpResponse]:
    """The form once more, with what was typed: its writer reads what was added meanwhile, and sends it or not."""

    def conflict(page: Page, request, form: forms.Form) -> HttpResponse:
        again = form.data.copy()  # type: ignore[attr-defined]
        again["version"] = str(version())
        more = {"has_changed": True}
        return render(request, page.template, page.shown(page.form(again, None), **more), status=409)

    return conflict
