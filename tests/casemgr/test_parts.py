"""Parts of pages: what they show, and that nothing typed by a person becomes markup."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from casemgr.templatetags.parts import error_summary

ROOT = Path(__file__).resolve().parents[2]
SECRET_DRAWN = "totp_svg_data_uri"  # the one picture that is no file of an exhibit


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


@pytest.mark.parametrize(
    ("chosen", "graphic", "is_plain"),
    [
        ("", False, False),
        ("always", False, False),
        ("nothing", False, False),
        ("marked", False, True),
        ("marked", True, False),
        ("marked", None, True),
    ],
)
def test_reader_may_have_uncovered_what_is_not_graphic_and_nothing_else(
    chosen: str, graphic: object, is_plain: bool
) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["cover"] = chosen
    values = {"request": request, "graphic": graphic}
    shown = rendered('{% cover "Image" graphic=graphic %}<img data-src="/x">{% endcover %}', **values)
    assert ("data-cover-plain" in shown) == is_plain
    assert 'src="/x"' not in shown.replace("data-src", "")
    assert "data-cover-plain" not in rendered('{% cover "Image" %}x{% endcover %}', **values)


def _media(template: str) -> Iterator[tuple[int, str]]:
    """Where a template shows files of exhibits, and each tag of the kind."""
    for tag in re.finditer(r"<(?:img|video|audio|source|iframe|object|embed)\b[^>]*>", template):
        if SECRET_DRAWN not in tag[0]:
            yield tag.start(), tag[0]


def _is_covered(template: str, at: int) -> bool:
    return template.count("{% cover ", 0, at) > template.count("{% endcover %}", 0, at)


def test_every_picture_and_clip_of_every_page_lies_under_a_cover() -> None:
    """And none is fetched before: `data-src` holds its address. A part may leave the cover to its page."""
    texts = {
        str(path).rpartition("/templates/")[2]: path.read_text()
        for path in ROOT.glob("*/templates/**/*.html")
    }
    found = {name: list(_media(text)) for name, text in texts.items()}
    shown = {name: tags for name, tags in found.items() if tags}
    assert {"evidence/parts/media.html", "evidence/parts/compare.html"} <= shown.keys()
    for name, tags in shown.items():
        for at, tag in tags:
            assert not re.search(r"\s(src|srcset|poster|data)=", tag), (name, tag)
            if "data-src" not in tag or _is_covered(texts[name], at):
                continue
            included = f'{{% include "{name}"'
            places = [
                (page, match.start())
                for page, text in texts.items()
                for match in re.finditer(re.escape(included), text)
            ]
            assert places, name
            assert all(_is_covered(texts[page], place) for page, place in places), (name, places)


def test_cover_has_a_lid_and_escapes_its_warning() -> None:
    shown = rendered('{% cover "Image" warning %}<img data-src="/x">{% endcover %}', warning="<b>")
    assert "data-cover-open" in shown
    assert "is-open" not in shown
    assert "&lt;b&gt;" in shown
