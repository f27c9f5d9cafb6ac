"""The form of an identity: nothing that is pasted is cut, and the fault names its field."""

from cases.forms.intake import IdentityForm


def test_no_browser_cuts_a_name() -> None:
    form = IdentityForm()
    assert not [name for name in form.fields if "maxlength" in str(form[name])]


def test_name_that_is_too_long_is_told_at_its_field() -> None:
    form = IdentityForm({"papers": "7" * 121, "given": "Huda"})
    assert not form.is_valid()
    assert list(form.errors) == ["papers"]
    assert list(form.blank().errors) == ["papers"]
    assert "7777" not in form.blank().as_p()
