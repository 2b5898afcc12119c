"""The crispy-forms template pack: one order for every field, ids that meet, errors that can be reached."""

import re
from html.parser import HTMLParser

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row, Submit
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template import engines


class EvidenceForm(forms.Form):
    title = forms.CharField(label="Title", help_text="As the team will know it.")
    kind = forms.ChoiceField(
        label="Kind",
        help_text="What stands behind it.",
        choices=[("file", "A file"), ("link", "A link")],
        widget=forms.RadioSelect,
    )
    role = forms.ChoiceField(label="Role", choices=[("", "Choose"), ("lead", "Test lead")])
    seen = forms.MultipleChoiceField(
        label="Seen by", required=False, choices=[("a", "Ann"), ("b", "Bo")], widget=forms.CheckboxSelectMultiple
    )
    until = forms.DateField(
        label="Valid until", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(label="Note", widget=forms.Textarea)
    proof = forms.FileField(label="File", required=False)
    confirmed = forms.BooleanField(label="I have read it", help_text="Under your name.")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self):
        raise forms.ValidationError("The stage is locked.")


class LaidOutForm(forms.Form):
    name = forms.CharField()
    first = forms.CharField()
    second = forms.CharField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(Fieldset("The service", "name"), Row(Column("first"), Column("second")))
        self.helper.add_input(Submit("save", "Save"))
        self.helper.add_input(Submit("later", "Later", css_class="secondary"))


class Tags(HTMLParser):
    """Every start tag of a page with its attributes, in order."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def ids(self):
        return [attrs["id"] for _, attrs in self.found if "id" in attrs]

    def with_id(self, wanted):
        return next((tag, attrs) for tag, attrs in self.found if attrs.get("id") == wanted)


@pytest.fixture
def faulty():
    return render_crispy_form(EvidenceForm({"kind": "guess"}), context={"csrf_token": "t"})


def positions(html, *parts):
    return [html.index(part) for part in parts]


def test_label_hint_error_input_stand_in_this_order(faulty):
    order = positions(
        faulty,
        '<label for="id_title">',
        'id="id_title_helptext"',
        'id="id_title_error"',
        '<input type="text" name="title"',
    )
    assert order == sorted(order)


def test_a_group_says_its_hint_and_error_before_its_options(faulty):
    order = positions(faulty, "<legend>Kind", 'id="id_kind_helptext"', 'id="id_kind_error"', 'id="id_kind_0"')
    assert order == sorted(order)
    tag, attrs = Tags(faulty).with_id("div_id_kind")
    assert (tag, attrs["aria-describedby"]) == ("fieldset", "id_kind_helptext id_kind_error")


def test_every_id_named_by_aria_describedby_exists_once(faulty):
    tags = Tags(faulty)
    named = " ".join(attrs.get("aria-describedby", "") for _, attrs in tags.found).split()
    assert named
    assert [tags.ids().count(one) for one in named] == [1] * len(named)


def test_every_label_belongs_to_an_input(faulty):
    tags = Tags(faulty)
    wanted = {attrs["for"] for tag, attrs in tags.found if tag == "label"}
    inputs = {attrs.get("id") for tag, attrs in tags.found if tag in ("input", "select", "textarea")}
    assert wanted <= inputs
    assert len(tags.ids()) == len(set(tags.ids()))


def test_the_error_summary_is_focused_and_comes_first(faulty):
    tag, attrs = Tags(faulty).with_id("form-errors")
    assert (tag, attrs["role"], attrs["tabindex"]) == ("div", "alert", "-1")
    assert "autofocus" in attrs
    assert faulty.index('id="form-errors"') < faulty.index('<label for="id_title">')


def test_the_error_summary_leads_to_each_field(faulty):
    summary = faulty[faulty.index('id="form-errors"') : faulty.index("</ul>")]
    links = re.findall(r'href="#([^"]+)"', summary)
    assert links == ["id_title", "id_kind_0", "id_role", "id_note", "id_confirmed"]
    assert set(links) <= set(Tags(faulty).ids())
    assert "<li>The stage is locked.</li>" in summary
    assert summary.count("<li>") == len(links) + 2  # the form's own fault and the hidden field's


def test_a_form_without_faults_has_no_summary_and_no_error():
    html = render_crispy_form(EvidenceForm(), context={"csrf_token": "t"})
    assert "error" not in html


def test_only_what_may_stay_empty_says_so(faulty):
    assert faulty.count('<span class="optional">') == 3
    assert re.search(r"Valid until\s*<span class=\"optional\">", faulty)


def test_kinds_of_input(faulty):
    tags = Tags(faulty)
    kinds = [tags.with_id(one)[1].get("type") for one in ("id_until", "id_proof", "id_confirmed", "id_version")]
    assert kinds == ["date", "file", "checkbox", "hidden"]
    assert [tags.with_id(one)[0] for one in ("id_role", "id_note")] == ["select", "textarea"]
    form = next(attrs for tag, attrs in tags.found if tag == "form")
    assert (form["method"], form["enctype"], "novalidate" in form) == ("post", "multipart/form-data", True)
    assert tags.found[1] == ("input", {"type": "hidden", "name": "csrfmiddlewaretoken", "value": "t"})


def test_a_layout_keeps_its_groups_and_one_strong_button():
    html = render_crispy_form(LaidOutForm(), context={"csrf_token": "t"})
    order = positions(html, "<legend>The service</legend>", 'id="id_name"', 'class="form-row"', 'id="id_first"')
    assert order == sorted(order)
    buttons = [attrs["class"].split() for tag, attrs in Tags(html).found if tag == "button"]
    assert buttons == [["button", "primary"], ["button", "secondary"]]


def test_a_set_of_forms_keeps_its_management_form_and_all_rows():
    rows = forms.formset_factory(LaidOutForm, extra=2)()
    html = render_crispy_form(rows, helper=LaidOutForm().helper, context={"csrf_token": "t"})
    ids = Tags(html).ids()
    assert "id_form-TOTAL_FORMS" in ids
    assert [f"id_form-{row}-name" in ids for row in range(3)] == [True, True, False]


def test_text_of_a_person_is_escaped():
    html = render_crispy_form(LaidOutForm({"name": '"><script>x</script>'}), context={"csrf_token": "t"})
    assert "<script>" not in html


@pytest.mark.parametrize("state", ["met", "not_met", "go_with_conditions", "rated_2", "recheck", "locked"])
def test_a_state_has_a_word_and_a_class(state):
    html = engines["django"].get_template("components/_state.html").render({"state": state})
    assert f'class="state state-{state}"' in html
    word = re.sub(r"<[^>]+>", "", html).strip()
    assert word
    assert word != state


def test_a_state_can_have_its_own_word():
    html = engines["django"].get_template("components/_state.html").render({"state": "no_go", "label": "No-go today"})
    assert re.sub(r"<[^>]+>", "", html).strip() == "No-go today"


def test_a_digest_stands_in_groups_of_four():
    digest = "0123456789abcdef" * 4
    html = engines["django"].get_template("components/_digest.html").render({"digest": digest})
    groups = re.sub(r"<[^>]+>", "", html).replace("SHA-256:", "").split()
    assert "".join(groups) == digest
    assert {len(group) for group in groups} == {4}
