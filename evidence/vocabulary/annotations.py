"""Words about notes on files."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Motivation(TextChoices):
    """Why a note was made; the values are those of the W3C Web Annotation vocabulary."""

    DESCRIBING = "describing", _("It describes what is seen or heard")
    IDENTIFYING = "identifying", _("It says who or what this is")
    COMMENTING = "commenting", _("It is a remark")
    QUESTIONING = "questioning", _("It asks a question")
