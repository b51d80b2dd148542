"""A date as the NHS design system asks for it: three boxes, day, month and year."""

import datetime as dt

from django import forms


class DatePartsWidget(forms.MultiWidget):
    """Three plain text boxes. No picker and no browser validation: one writes the date as it is printed."""

    template_name = "nhsuk/date_parts.html"
    use_fieldset = True
    labels = ("Day", "Month", "Year")

    def __init__(self, attrs=None):
        super().__init__(
            {name.lower(): forms.TextInput({"inputmode": "numeric", "maxlength": 9}) for name in self.labels}, attrs
        )

    def decompress(self, value: dt.date | None) -> list:
        return [value.day, value.month, value.year] if value else [None, None, None]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        error = " nhsuk-input--error" if context["widget"]["attrs"].get("aria-invalid") else ""
        for label, width, part in zip(self.labels, (2, 2, 4), context["widget"]["subwidgets"], strict=True):
            part["part_label"] = label
            part["attrs"]["class"] = f"nhsuk-input nhsuk-date-input__input nhsuk-input--width-{width}{error}"
        return context


class DatePartsField(forms.DateField):
    """A date in three boxes, with a message that says which box to look at."""

    widget = DatePartsWidget
    default_error_messages = {
        "invalid": "Enter a real date, such as 30 9 2019",
        "incomplete": "The date must include a %(missing)s",
    }

    def to_python(self, value) -> dt.date | None:
        if not isinstance(value, list | tuple):
            return super().to_python(value)
        parts = [str(part or "").strip() for part in value]
        if not any(parts):
            return None
        missing = [label.lower() for label, part in zip(DatePartsWidget.labels, parts, strict=True) if not part]
        if missing:
            raise forms.ValidationError(
                self.error_messages["incomplete"], code="incomplete", params={"missing": " and ".join(missing)}
            )
        return self._real_date(parts)

    def _real_date(self, parts: list[str]) -> dt.date:
        try:
            if not all(part.isascii() and part.isdigit() for part in parts) or len(parts[2]) != 4:
                raise ValueError
            day, month, year = (int(part) for part in parts)
            return dt.date(year, month, day)
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error
