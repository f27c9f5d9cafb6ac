"""Parts of pages as template tags. The plainer parts are files in `templates/parts`, their use at their top.

{% error_summary form %}                    what must be mended, first on the page, linked to the fields
{% answer _("Language") language url %}     one line inside <dl class="answers">: check your answers
{% rung "done" _("Requested") who when %}…{% endrung %}   inside <ol class="ladder">; done, now or later
{% pane _("The account") lang="ar" %}…{% endpane %}       inside <div class="panes" data-linked>
{% cover _("Image") warning %}<img data-src="…" alt="…">{% endcover %}   graphic, covered until asked for
{% cover _("Image") warning graphic=False %}…{% endcover %}   open where the reader has chosen so
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django import template
from django.forms import BaseForm
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from casemgr.templatetags.dates import moment
from casemgr.templatetags.frame import covering
from casemgr.templatetags.icons import drawn

register = template.Library()

# Of the languages in which accounts are given; the names are BCP 47.
_RIGHT_TO_LEFT = frozenset({"ar", "apc", "ckb", "fa", "he", "ur"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend: the words, and the field they lead to."""

    words: str
    target: str


def _faults(form: BaseForm) -> Iterator[Fault]:
    for error in form.non_field_errors():
        yield Fault(str(error), "")
    for bound in form.visible_fields():
        # A group of buttons has no field of its own name: the first button is where one goes on.
        target = bound.id_for_label or f"{bound.auto_id}_0"
        label = str(bound.label).rstrip(".")
        for error in bound.errors:
            yield Fault(f"{label}: {error}", target)
    for bound in form.hidden_fields():
        for error in bound.errors:
            yield Fault(str(error), "")


@register.inclusion_tag("parts/error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, object]:
    """List what must be mended in one or several forms; nothing where there is nothing."""
    return {"faults": [fault for form in forms if form for fault in _faults(form)]}


@register.inclusion_tag("parts/answer.html")
def answer(label: object, value: object, change_url: str = "", change_word: object = "") -> dict[str, object]:
    """Show one answer with the way to change it."""
    return {"label": label, "value": value, "change_url": change_url, "change_word": change_word}


@register.simple_block_tag
def rung(
    content: str, state: str, title: object, who: object = "", when: datetime | None = None
) -> SafeString:
    """Show one step of a ceremony: who did it and when, or what it waits for (the words between the tags)."""
    sign = {"done": drawn("done"), "now": drawn("next")}.get(state, SafeString(""))
    by = format_html('<bdi dir="ltr" class="machine">{}</bdi> · ', who) if who else ""
    facts = format_html("<p>{}{}</p>", by, moment(when)) if who or when else ""
    return format_html(
        '<li class="is-{}"{}><span class="ladder-sign">{}</span>'
        '<h3>{}<span class="visually-hidden"> · {}</span></h3>{}{}</li>',
        state,
        mark_safe(' aria-current="step"') if state == "now" else "",
        sign,
        title,
        {"done": _("done"), "now": _("now")}.get(state, _("not yet")),
        facts,
        content,
    )


@register.simple_block_tag
def pane(content: str, title: object, lang: str = "", tools: object = "") -> SafeString:
    """Show one pane of a workbench; the language gives its direction, whatever the page's own."""
    direction = "rtl" if lang and lang.split("-", maxsplit=1)[0] in _RIGHT_TO_LEFT else "ltr"
    spoken = format_html(' lang="{}" dir="{}"', lang, direction) if lang else ""
    return format_html(
        '<section class="pane" aria-label="{0}"><header class="pane-head"><h2>{0}</h2>{1}</header>'
        '<div class="pane-body" tabindex="0" role="group" aria-label="{0}"{2}>{3}</div></section>',
        title,
        tools,
        spoken,
        content,
    )


@register.simple_block_tag(takes_context=True)
def cover(
    context: Context, content: str, label: object, warning: object = "", *, graphic: object = True
) -> SafeString:
    """Cover graphic material. Inside stands `data-src`, not `src`: nothing is fetched unasked.

    What is not marked as graphic is covered too, unless the reader has chosen otherwise in their appearance.
    Whether a cover was opened is known to the open page alone, and to no storage.
    """
    is_plain = not graphic and covering(context) == "marked"
    return format_html(
        '<figure class="cover" role="group" aria-label="{label}"{plain}>'
        '<div class="cover-media">{content}</div>'
        '<div class="cover-lid">{sign}<p>{warning}</p>'
        '<button class="btn needs-script" type="button" data-cover-open>{show}</button>'
        "<noscript><p>{scriptless}</p></noscript></div>"
        '<figcaption class="cover-bar">'
        '<button class="btn" type="button" data-cover-close>{hide}</button>'
        '<button class="btn" type="button" data-cover-colour aria-pressed="false">{colour}</button>'
        "</figcaption></figure>",
        label=label,
        plain=mark_safe(" data-cover-plain") if is_plain else "",
        content=content,
        sign=drawn("eye"),
        warning=warning or _("This may be distressing to look at. It is shown without sound and in grey."),
        show=_("Show it"),
        hide=_("Cover it again"),
        colour=_("In colour"),
        scriptless=_("Pictures and clips stay covered here, because this browser runs no scripts."),
    )
