"""Whether JSON is an annotation of the W3C Web Annotation Data Model, as far as the model says what must be.

Written from the Recommendation of 23 February 2017 (https://www.w3.org/TR/annotation-model/) and from Media
Fragments URI 1.0; the numbers name its sections. It knows nothing of the code that writes our notes.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
# 3.3.5 Motivation and Purpose
MOTIVATIONS = {
    "assessing",
    "bookmarking",
    "classifying",
    "commenting",
    "describing",
    "editing",
    "highlighting",
    "identifying",
    "linking",
    "moderating",
    "questioning",
    "replying",
    "tagging",
}
# 4.2 Selectors
SELECTORS = {
    "FragmentSelector",
    "CssSelector",
    "XPathSelector",
    "TextQuoteSelector",
    "TextPositionSelector",
    "DataPositionSelector",
    "SvgSelector",
    "RangeSelector",
}
# 4.2.1 Fragment Selector: the specifications that it names
CONFORMS = {
    "http://tools.ietf.org/rfc/rfc3236",
    "http://tools.ietf.org/rfc/rfc3778",
    "http://tools.ietf.org/rfc/rfc5147",
    "http://tools.ietf.org/rfc/rfc3023",
    "http://tools.ietf.org/rfc/rfc3870",
    "http://tools.ietf.org/rfc/rfc7111",
    "http://www.w3.org/TR/media-frags/",
    "http://www.w3.org/TR/SVG/",
    "http://www.idpf.org/epub/linking/cfi/epub-cfi.html",
}
AGENTS = {"Person", "Organization", "Software"}
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
CLOCK = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")
# Media Fragments 4.2.1 (npt: seconds, or hours and minutes) and 4.2.2 (whole pixels, or per cent)
_SECONDS = r"(\d+(?:\.\d*)?)"
TIME = re.compile(rf"t=(?:npt:)?(?:{_SECONDS})?(?:,{_SECONDS})?")
SPACE = re.compile(r"xywh=(?:(pixel:)?(\d+),(\d+),(\d+),(\d+)|percent:([\d.]+),([\d.]+),([\d.]+),([\d.]+))")
SVG = "{http://www.w3.org/2000/svg}"


def faults(annotation: Any) -> list[str]:
    """Say what about it is not of the model; nothing where it is."""
    return list(_annotation(annotation)) if isinstance(annotation, dict) else ["not an object"]


def _annotation(one: dict[str, Any]) -> Iterator[str]:
    context = one.get("@context")
    if CONTEXT not in (context if isinstance(context, list) else [context]):
        yield "3.1: @context must name the anno context"
    if not _is_iri(one.get("id")):
        yield "3.1: exactly one id, an IRI"
    if "Annotation" not in _many(one.get("type")):
        yield "3.1: type must hold Annotation"
    if not _many(one.get("target")):
        yield "3.1: one target or more"
    for target in _many(one.get("target")):
        yield from _target(target)
    for body in _many(one.get("body")):
        yield from _body(body)
    yield from _lifecycle(one)
    for motivation in _many(one.get("motivation")):
        if motivation not in MOTIVATIONS:
            yield f"3.3.5: unknown motivation {motivation}"
    if "canonical" in one and not _is_iri(one["canonical"]):
        yield "3.3.8: canonical is one IRI"


def _lifecycle(one: dict[str, Any]) -> Iterator[str]:
    for name in ("created", "modified", "generated"):
        if name in one and not _is_clock(one[name]):
            yield f"3.3.1: {name} is one xsd:dateTime with its zone"
    for agent in _many(one.get("creator")):
        if isinstance(agent, str) and not _is_iri(agent):
            yield "3.3.2: an agent is an IRI or an object"
        if isinstance(agent, dict):
            if not set(_many(agent.get("type"))) & AGENTS:
                yield "3.3.2: the class of an agent"
            if len(_many(agent.get("nickname"))) > 1:
                yield "3.3.2: at most one nickname"


def _body(body: Any) -> Iterator[str]:
    if isinstance(body, str):
        if not _is_iri(body):
            yield "3.2.1: a body is an IRI or an object"
        return
    if body.get("type") == "TextualBody":
        if not isinstance(body.get("value"), str):
            yield "3.2.4: exactly one value, a string"
        for language in _many(body.get("language")):
            if not LANGUAGE.fullmatch(language):
                yield "3.2.1: language is a BCP 47 tag"
        if not re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", str(body.get("format", "text/plain"))):
            yield "3.2.1: format is a media type"
        if "purpose" in body and body["purpose"] not in MOTIVATIONS:
            yield "3.3.5: unknown purpose"


def _target(target: Any) -> Iterator[str]:
    if isinstance(target, str):
        if not _is_iri(target):
            yield "3.2.1: a target is an IRI or an object"
        return
    if "source" not in target:
        if not _is_iri(target.get("id")):
            yield "3.2.1: a target has an id"
        return
    if not _is_iri(target["source"]):
        yield "4.1: exactly one source, an IRI"
    if target.get("type", "SpecificResource") != "SpecificResource":
        yield "4.1: the class is SpecificResource"
    for selector in _many(target.get("selector")):
        yield from _selector(selector)


def _selector(selector: dict[str, Any]) -> Iterator[str]:
    if selector.get("type") not in SELECTORS:
        yield "4.2: exactly one class of selector"
    value = selector.get("value")
    if not isinstance(value, str):
        yield "4.2: exactly one value"
    elif selector["type"] == "FragmentSelector":
        if selector.get("conformsTo", next(iter(CONFORMS))) not in CONFORMS:
            yield "4.2.1: conformsTo names a specification of fragments"
        if selector.get("conformsTo") == "http://www.w3.org/TR/media-frags/":
            yield from _media_fragment(value)
    elif selector["type"] == "SvgSelector":
        yield from _svg(value)


def _media_fragment(value: str) -> Iterator[str]:
    parts = value.split("&")
    names = [part.partition("=")[0] for part in parts]
    if len(set(names)) < len(names):
        yield "media fragments 3: one of each dimension"
    for part in parts:
        time, space = TIME.fullmatch(part), SPACE.fullmatch(part)
        if time:
            start, end = time.groups()
            if (start is None and end is None) or (end is not None and float(start or 0) >= float(end)):
                yield "media fragments 4.2.1: the end lies after the start"
        elif space:
            if space[6] is not None:
                left, top, width, height = map(float, space.groups()[5:])
                if left + width > 100 or top + height > 100 or min(width, height) <= 0:
                    yield "media fragments 4.2.2: a box inside the picture"
        else:
            yield f"media fragments: {part}"


def _svg(value: str) -> Iterator[str]:
    try:
        drawing = ET.fromstring(value)  # noqa: S314  # our own output, in a test
    except ET.ParseError:
        yield "4.2.6: well-formed XML"
        return
    if drawing.tag != f"{SVG}svg" or not len(drawing):
        yield "4.2.6: a shape in an svg element of the SVG namespace"
    if {one.tag for one in drawing.iter()} - {
        f"{SVG}{name}" for name in ("svg", "polygon", "rect", "path", "g")
    }:
        yield "4.2.6: shapes alone: no text, style or script"


def _many(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _is_iri(value: Any) -> bool:
    return (
        isinstance(value, str) and bool(urlsplit(value).scheme) and not re.search(r"[\s<>\"{}|\\^`]", value)
    )


def _is_clock(value: Any) -> bool:
    return isinstance(value, str) and bool(CLOCK.fullmatch(value)) and bool(datetime.fromisoformat(value))
