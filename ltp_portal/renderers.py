"""How forms are drawn: NHS classes on every box, errors tied to it, our templates around it."""

from django.forms import widgets
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting

from ltp_portal import drawn

# The NHS design system's class of each kind of box; the first that fits (a group of boxes is a kind of radios).
CLASSES = (
    (widgets.CheckboxSelectMultiple, "nhsuk-checkboxes__input"),
    (widgets.RadioSelect, "nhsuk-radios__input"),
    (widgets.CheckboxInput, "nhsuk-checkboxes__input"),
    (widgets.Select, "nhsuk-select"),
    (widgets.Textarea, "nhsuk-textarea"),
    (widgets.ClearableFileInput, "nhsuk-file-upload__input"),
    (widgets.Input, "nhsuk-input"),
)
WITH_ERROR_CLASS = ("nhsuk-select", "nhsuk-textarea", "nhsuk-input")


class NhsukBoundField(BoundField):
    """A field that knows its NHS class."""

    def build_widget_attrs(self, attrs, widget=None):
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        name = next((name for kind, name in CLASSES if isinstance(widget, kind)), "")
        if name and not widget.is_hidden:
            error = f" {name}--error" if self.errors and name in WITH_ERROR_CLASS else ""
            attrs["class"] = f"{widget.attrs.get('class', '')} {name}{error}".strip()
        if isinstance(widget, widgets.RadioSelect):
            attrs.pop("aria-invalid", None)  # ARIA knows it for a group of radios, not for one of them
        return attrs


class NhsukRenderer(TemplatesSetting):
    """Named in FORM_RENDERER."""

    form_template_name = "nhsuk/form.html"
    field_template_name = "nhsuk/field.html"
    bound_field_class = NhsukBoundField

    def render(self, template_name, context, request=None):
        """A list of places has a hundred options, and Django a template for each."""
        if template_name == widgets.Select.template_name:
            return drawn.select(context["widget"])
        return super().render(template_name, context, request)
