"""A contact sheet: frames from over a whole clip, each with its time. Runs in the child only."""

import time
from collections.abc import Iterator
from typing import Any

from PIL import Image, ImageDraw

from evidence.decoding.drawing import clock, jpeg, mark, picture_of

MOST_FRAMES, _COLUMNS, _CELL = 16, 4, 240
_GROUND = (21, 24, 27)
# Decoding costs about so many points of picture a second; a clip that costs more than a few seconds is
# jumped through, from key frame to key frame, and then no frame is looked for further than so many on.
_CHEAP = 1_500_000_000
_FAR = 48
SECONDS = 20.0  # of CPU: what was found until then is drawn

Frame = tuple[float, Image.Image]


def frames_over(container: Any, video: Any) -> list[Frame]:
    """Return up to sixteen frames with their times in seconds, spread over the clip as far as it decodes."""
    until = time.process_time() + SECONDS
    duration = (container.duration or 0) / 1_000_000
    cost = duration * float(video.average_rate or 30) * video.codec_context.width * video.codec_context.height
    if duration and cost > _CHEAP:
        return list(_jumped(container, video, duration, until))
    return _walked(container, video, until)


def draw(frames: list[Frame]) -> bytes:
    """Draw the frames in rows of four with their times; b"" for fewer than two."""
    if len(frames) < 2:
        return b""
    small = []
    for _, image in frames:
        cell = image.copy()
        cell.thumbnail((_CELL, _CELL))
        small.append(cell)
    width, height = max(cell.width for cell in small), max(cell.height for cell in small)
    columns = min(_COLUMNS, len(small))
    rows = -(-len(small) // columns)
    sheet = Image.new("RGB", (columns * width, rows * height), _GROUND)
    drawn = ImageDraw.Draw(sheet)
    for place, (cell, (at, _)) in enumerate(zip(small, frames, strict=True)):
        x, y = place % columns * width, place // columns * height
        sheet.paste(cell, (x + (width - cell.width) // 2, y + (height - cell.height) // 2))
        mark(drawn, (x + 6, y + 4), clock(at, tenths=frames[-1][0] < 60))
    return jpeg(sheet)


def _walked(container: Any, video: Any, until: float) -> list[Frame]:
    """Decode everything and keep frames at equal steps; when there are too many, every second one goes."""
    container.seek(container.start_time or 0)
    kept: list[Frame] = []
    step = 0.0
    begin: float | None = None
    for frame in _decoded(container, video):
        at = float(frame.time or 0.0)
        begin = at if begin is None else begin
        if not kept or at - begin - kept[-1][0] >= step:
            kept.append((at - begin, picture_of(frame)))
        if len(kept) > 2 * MOST_FRAMES:
            kept = kept[::2]
            step = 2 * step or kept[1][0] - kept[0][0]
        if time.process_time() > until:
            break
    places = range(min(MOST_FRAMES, len(kept)))
    return [kept[place * len(kept) // len(places)] for place in places]


def _jumped(container: Any, video: Any, duration: float, until: float) -> Iterator[Frame]:
    begin = (container.start_time or 0) / 1_000_000
    last = -1.0
    for place in range(MOST_FRAMES):
        wanted = begin + duration * (place + 0.5) / MOST_FRAMES
        container.seek(int(wanted * 1_000_000))
        found = None
        for count, frame in enumerate(_decoded(container, video)):
            found = frame
            if float(frame.time or 0.0) >= wanted or count >= _FAR:
                break
        at = float(found.time or 0.0) - begin if found is not None else last
        if found is not None and at > last:
            last = at
            yield at, picture_of(found)
        if time.process_time() > until:
            return


def _decoded(container: Any, video: Any) -> Iterator[Any]:
    """Frames as far as they can be decoded: a clip that is damaged in its middle is a clip all the same."""
    try:
        yield from container.decode(video)
    except (OSError, ValueError):
        return
