"""How something was collected online."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.events import Pointing
from cases.forms.fields import prose, words
from evidence.facts import CollectionFacts
from evidence.forms.items import address
from evidence.forms.parts import Day, Part, Parted


class CollectionForm(Pointing, Parted):
    """How something was collected online."""

    days = {"collected": Day(_("When it was collected"), required=True)}
    layout = (
        Part(_("What was collected"), ("url", "page_title", "context")),
        Part(_("When, by whom and with what"), ("collected", "collector", "tool", "tool_version")),
        Part(
            _("What was kept"),
            ("screenshot", "page", "material"),
            _("Files of this exhibit. Add them on its page first."),
        ),
        Part(
            _("Under which cover"),
            ("virtual_identity", "network"),
            _(
                "The cover under which it was collected, never the collector's own name or line. It is never "
                "printed and never sent."
            ),
        ),
    )
    url = address(_("Address"), required=True)
    page_title = words(_("Title of the page"), longest=500)
    context = prose(
        _("What stood around it"), rows=3, help_text=_("Comments, channel, who posted it, views.")
    )
    collector = forms.ChoiceField(label=_("Who collected it"), required=False)
    tool = words(_("Capture tool"), longest=200)
    tool_version = words(_("Version of the tool"), longest=80)
    screenshot = forms.ChoiceField(label=_("Picture of the page"), required=False)
    page = forms.ChoiceField(label=_("The page itself"), required=False)
    material = forms.ChoiceField(label=_("What stood on the page"), required=False)
    virtual_identity = words(_("Virtual identity"), longest=200)
    network = words(_("Network"), longest=200)

    def facts(self) -> CollectionFacts:
        """What was entered; collector and files are asked for anew by whoever knows them."""
        names = ("url", "page_title", "context", "tool", "tool_version", "virtual_identity", "network")
        return CollectionFacts(
            collected=self.dated("collected"), **{name: self.cleaned_data[name] for name in names}
        )
