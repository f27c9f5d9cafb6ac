"""What a report about a broken page tells: where it broke, and nothing of what was in hand.

Promise: no value of a variable, no field of a form, no cookie, header or setting goes into a report, whoever
it is sent to. Named by `DEFAULT_EXCEPTION_REPORTER_FILTER`.
"""

from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter


class Silent(SafeExceptionReporterFilter):
    """Leaves the traceback's lines, method and address; the library would tell whatever was posted."""

    def is_active(self, _request: HttpRequest | None) -> bool:
        """Always: the library asks whether this is a development server."""
        return True

    def get_safe_settings(self) -> dict[str, Any]:
        return {}

    def get_safe_request_meta(self, _request: HttpRequest) -> dict[str, Any]:
        return {}

    def get_safe_cookies(self, _request: HttpRequest) -> dict[str, Any]:
        return {}

    def get_post_parameters(self, _request: HttpRequest | None) -> Any:
        return {}

    def get_traceback_frame_variables(
        self, _request: HttpRequest | None, _tb_frame: FrameType
    ) -> ItemsView[str, Any]:
        nothing: dict[str, Any] = {}
        return nothing.items()
