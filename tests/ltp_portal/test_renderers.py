from django import forms


class EveryKind(forms.Form):
    name = forms.CharField(help_text="As printed", error_messages={"required": "Enter a name"})
    note = forms.CharField(widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(choices=[("a", "A")])
    stage = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    many = forms.MultipleChoiceField(choices=[("a", "A")], widget=forms.CheckboxSelectMultiple)
    sure = forms.BooleanField(help_text="This cannot be undone")
    paper = forms.FileField()
    key = forms.CharField(widget=forms.HiddenInput)


class Filters(forms.Form):
    all_optional = True
    word = forms.CharField(required=False)


def test_each_kind_of_box_has_its_nhs_class():
    html = str(EveryKind())

    for name in ("input", "textarea", "select", "radios__input", "checkboxes__input", "file-upload__input"):
        assert f'class="nhsuk-{name}"' in html


def test_an_error_stands_beside_its_box_and_is_tied_to_it():
    html = str(EveryKind({}))

    assert 'id="id_name_error"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'class="nhsuk-input nhsuk-input--error"' in html
    assert "Enter a name" in html


def test_a_group_of_boxes_has_a_legend():
    html = EveryKind()["stage"].as_field_group()

    assert "<fieldset" in html
    assert "nhsuk-fieldset__legend" in html


def test_a_radio_carries_no_aria_invalid():
    assert "aria-invalid" not in str(EveryKind({})["stage"])


def test_a_class_of_the_form_s_own_is_kept():
    class Narrow(forms.Form):
        year = forms.CharField(widget=forms.TextInput({"class": "nhsuk-input--width-4"}))

    assert 'class="nhsuk-input--width-4 nhsuk-input"' in str(Narrow())


def test_what_may_be_left_out_says_so():
    assert "(optional)" in EveryKind()["note"].as_field_group()
    assert "(optional)" not in EveryKind()["name"].as_field_group()


def test_filters_do_not_say_optional_at_each_box():
    assert "(optional)" not in str(Filters())


def test_hidden_fields_have_neither_label_nor_class():
    assert str(EveryKind()["key"]) == '<input type="hidden" name="key" id="id_key">'
