"""When somebody else wrote meanwhile: a form whose writer chooses, field by field or as a whole, which text holds."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from ltp_portal import sent_once, unsent

STORED, MINE = "stored", "mine"
# What the page with both texts sends beside the form's own fields.
BETWEEN, WHOLE, CHOICE = "between", "whole", "choose_"


class ChoosingForm(forms.Form):
    """A form that can be sent once more from the page that shows both texts; its `version` is the one shown there.

    `stored` is the record by the names of the fields, its version among them. Where the writer chose to keep it, it
    takes the place of what was sent. If the record has changed once more meanwhile, nothing is taken: the action then
    finds the conflict.
    """

    def __init__(self, data: QueryDict | None = None, *args, stored: Mapping[str, Any] | None = None, **kwargs):
        super().__init__(data, *args, **kwargs)
        # What was chosen, and the fields between whose texts nobody chose yet: until none is left, nothing is taken.
        self.chosen: dict[str, str] = {}
        self.undecided: list[str] = []
        if data is not None and stored is not None and data.get("version") == str(stored["version"]):
            self._choose(data, stored)

    def _choose(self, data: QueryDict, stored: Mapping[str, Any]) -> None:
        taken = data.copy()
        for name in data.getlist(BETWEEN):
            choice = data.get(WHOLE) or data.get(f"{CHOICE}{name}")
            if choice == STORED and name in self.fields and name in stored:
                for key, values in as_sent(self[name], stored[name]):
                    taken.setlist(key, values)
            elif choice != MINE:
                self.undecided.append(name)
                continue
            self.chosen[name] = choice
        if not self.undecided:
            self.data = taken


def as_sent(field: BoundField, value: Any) -> Iterator[tuple[str, list[str]]]:
    """A value as a browser would send it, by the names of its boxes."""
    widget: Any = field.field.widget
    if parts := getattr(widget, "widgets_names", None):
        for part, content in zip(parts, widget.decompress(value), strict=True):
            yield f"{field.html_name}{part}", ["" if content is None else str(content)]
    elif isinstance(value, list):
        yield field.html_name, [str(item) for item in value]
    else:
        prepared = field.field.prepare_value(value)
        yield field.html_name, ["" if prepared is None else str(prepared)]


def sent_again(form: forms.Form, *, without: str = "", **instead: Any) -> list[tuple[str, str]]:
    """All that was sent, to be sent once more from another page: some of it replaced, one field left out."""
    left_out = {"csrfmiddlewaretoken", sent_once.FIELD, unsent.WRITER, BETWEEN, WHOLE, *instead}
    if without:
        left_out.update(name for name, _ in as_sent(form[without], None))
    sent = [
        (name, value)
        for name, values in cast(QueryDict, form.data).lists()
        if name not in left_out and not name.startswith(CHOICE)
        for value in values
    ]
    return sent + [(name, str(value)) for name, value in instead.items()]
