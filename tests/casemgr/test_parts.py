"""Parts of pages: what they show, and that nothing typed by a person becomes markup."""

from django import forms
from django.template import Context, Template

from casemgr.templatetags.parts import error_summary


class Intake(forms.Form):
    pseudonym = forms.CharField(label="Pseudonym")
    how = forms.ChoiceField(label="How", choices=[("a", "A")], widget=forms.RadioSelect)
    kept = forms.CharField(widget=forms.HiddenInput)


def rendered(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


def test_errors_come_first_and_lead_to_their_fields() -> None:
    shown = rendered("{% error_summary form %}", form=Intake({}))
    assert 'href="#id_pseudonym"' in shown
    assert 'href="#id_how_0"' in shown
    assert shown.count("<li>") == 3


def test_no_summary_without_errors() -> None:
    assert error_summary(Intake(), Intake({"pseudonym": "a", "how": "a", "kept": "b"})) == {"faults": []}
    assert "errors" not in rendered("{% error_summary form %}", form=None)


def test_error_from_a_stranger_is_escaped() -> None:
    form = Intake({"how": "<b>"})
    assert "<b>" not in rendered("{% error_summary form %}", form=form)


def test_answer_shows_itself_and_the_way_to_change_it() -> None:
    shown = rendered('{% answer "Account" value "/change" %}', value="<i>ten</i>")
    assert "&lt;i&gt;ten&lt;/i&gt;" in shown
    assert 'href="/change"' in shown
    assert "not answered" in rendered('{% answer "Account" "" %}')


def test_step_of_a_ceremony_says_where_it_stands() -> None:
    done = rendered('{% rung "done" "Requested" "DIS-01" %}{% endrung %}')
    assert '<bdi dir="ltr" class="machine">DIS-01</bdi>' in done
    now = rendered('{% rung "now" title %}<p>waits</p>{% endrung %}', title="<b>")
    assert 'aria-current="step"' in now
    assert "<p>waits</p>" in now
    assert "&lt;b&gt;" in now


def test_pane_takes_the_direction_of_its_language() -> None:
    assert 'lang="apc" dir="rtl"' in rendered('{% pane "A" lang="apc" %}x{% endpane %}')
    assert 'lang="en" dir="ltr"' in rendered('{% pane "A" lang="en" %}x{% endpane %}')
    assert 'dir="rtl"' not in rendered('{% pane "A" %}x{% endpane %}')
    assert "&lt;b&gt;" in rendered('{% pane "A" %}{{ text }}{% endpane %}', text="<b>")


def test_cover_has_a_lid_and_escapes_its_warning() -> None:
    shown = rendered('{% cover "Image" warning %}<img data-src="/x">{% endcover %}', warning="<b>")
    assert "data-cover-open" in shown
    assert "is-open" not in shown
    assert "&lt;b&gt;" in shown
