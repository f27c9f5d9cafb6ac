"""Pictures and a clip for the demonstration, drawn here and marked as drawn: none of it was photographed.

Every function returns the bytes of a finished file. Sizes are in pixels, times in seconds.
"""

import io
import random
from collections.abc import Callable
from typing import Any

import av
import numpy as np
from PIL import ExifTags, Image, ImageDraw, ImageFilter, ImageFont

PHOTO = (1600, 1200)
FRAME = (1280, 960)
CLIP = (640, 360)
CLIP_RATE = 15
CLIP_SECONDS = 8
MARK = "DEMONSTRATION - DRAWN BY THE PROGRAM"

_DUSK = (58, 66, 78)
_CONCRETE = (168, 164, 156)
_WALL = (203, 190, 168)
_CLOTH = (74, 84, 102)
_TROUSERS = (52, 56, 66)
_SKIN = (176, 141, 116)
_BLOOD = (110, 26, 28)


def _marked(image: Image.Image) -> Image.Image:
    """Write the mark across the foot of a picture, so that a copy of it can never pass as a photograph."""
    draw = ImageDraw.Draw(image, "RGBA")
    width, height = image.size
    band = max(28, height // 22)
    draw.rectangle([0, height - band, width, height], fill=(0, 0, 0, 190))
    draw.text(
        (width // 2, height - band // 2),
        MARK,
        font=ImageFont.load_default(band * 0.55),
        fill="white",
        anchor="mm",
    )
    return image


def _grain(image: Image.Image, seed: int) -> Image.Image:
    noise = np.random.default_rng(seed).normal(0, 6, (image.height, image.width, 1))
    pixels = np.asarray(image, dtype=np.float32) + noise
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _figure(draw: ImageDraw.ImageDraw, x: int, y: int, scale: float) -> None:
    """Draw a lying figure as three plain shapes."""
    draw.rounded_rectangle([x, y, x + 420 * scale, y + 130 * scale], radius=50 * scale, fill=_CLOTH)
    draw.rounded_rectangle(
        [x + 380 * scale, y + 15 * scale, x + 800 * scale, y + 62 * scale],
        radius=24 * scale,
        fill=(52, 56, 66),
    )
    draw.rounded_rectangle(
        [x + 380 * scale, y + 72 * scale, x + 780 * scale, y + 118 * scale],
        radius=24 * scale,
        fill=(52, 56, 66),
    )
    draw.ellipse([x - 120 * scale, y + 5 * scale, x + 10 * scale, y + 125 * scale], fill=_SKIN)
    draw.ellipse([x - 250 * scale, y + 60 * scale, x - 40 * scale, y + 190 * scale], fill=_BLOOD)


def _roof(draw: ImageDraw.ImageDraw, seed: int) -> None:
    width, height = PHOTO
    draw.rectangle([0, 0, width, height * 0.28], fill=_DUSK)
    draw.rectangle([0, height * 0.28, width, height], fill=_CONCRETE)
    draw.rectangle([0, height * 0.24, width, height * 0.31], fill=_WALL)
    dice = random.Random(seed)  # noqa: S311  # a drawing's texture, not a secret
    for _ in range(60):
        x, y = dice.randrange(width), dice.randrange(int(height * 0.32), height)
        draw.line(
            [x, y, x + dice.randrange(-60, 60), y + dice.randrange(4, 24)], fill=(140, 136, 128), width=2
        )
    for x in (180, 1180):
        draw.rectangle([x, height * 0.12, x + 190, height * 0.26], fill=(34, 44, 60))


_PLACES = [
    (520, 640, 0.9),
    (420, 560, 1.1),
    (700, 720, 0.7),
    (380, 600, 1.3),
    (820, 640, 0.6),
    (560, 700, 1.0),
]


def roof_photo(number: int) -> bytes:
    """Return the `number`th (1 to 6) drawn picture of the roof as JPEG with camera data in its EXIF."""
    image = Image.new("RGB", PHOTO)
    draw = ImageDraw.Draw(image)
    _roof(draw, number)
    _figure(draw, *_PLACES[number - 1])
    image = _marked(_grain(image.filter(ImageFilter.GaussianBlur(1.2)), number))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88, exif=_camera(f"2025:03:09 10:{40 + number}:12"))
    return out.getvalue()


def _camera(taken: str) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Demonstration"
    exif[ExifTags.Base.Model] = "Drawn Camera 1"
    exif[ExifTags.Base.DateTime] = taken
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = taken
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef] = "N"
    place[ExifTags.GPS.GPSLatitude] = (35.0, 11.0, 0.0)
    place[ExifTags.GPS.GPSLongitudeRef] = "E"
    place[ExifTags.GPS.GPSLongitude] = (35.0, 57.0, 0.0)
    return exif


def _lot(draw: ImageDraw.ImageDraw) -> None:
    """Draw a cemetery and, beside it, an empty lot between a road and houses, seen from above."""
    width, height = FRAME
    dice = random.Random(7)  # noqa: S311  # both frames must show the same place
    draw.rectangle([0, 0, width, height], fill=(132, 126, 98))
    draw.rectangle([0, 380, width, 440], fill=(108, 108, 106))
    draw.rectangle([600, 0, 650, height], fill=(112, 112, 110))
    for _ in range(150):
        x, y = dice.randrange(0, 570), dice.randrange(460, height - 60)
        draw.rectangle([x, y, x + 14, y + 7], fill=(196, 192, 182))
    for _ in range(34):
        x, y, size = dice.randrange(0, width - 90), dice.randrange(0, 330), dice.randrange(40, 84)
        draw.rectangle([x, y, x + size, y + size * 0.8], fill=(186, 176, 160), outline=(120, 112, 100))
    for _ in range(40):
        x, y = dice.randrange(width), dice.randrange(height)
        draw.ellipse([x, y, x + 22, y + 22], fill=(70, 88, 58))
    draw.polygon([(690, 480), (1190, 470), (1215, 860), (680, 880)], fill=(150, 138, 104))


def lot_frame(*, disturbed: bool) -> bytes:
    """Return a drawn frame of the lot from above as PNG; `disturbed` adds the turned strips of soil."""
    image = Image.new("RGB", FRAME)
    draw = ImageDraw.Draw(image)
    _lot(draw)
    if disturbed:
        for row in range(3):
            top = 540 + row * 100
            draw.polygon(
                [(740, top), (1150, top - 8), (1158, top + 46), (744, top + 54)],
                fill=(112, 84, 56),
                outline=(88, 64, 44),
            )
        draw.line([(650, 610), (745, 600)], fill=(120, 100, 74), width=18)
    draw.line([(60, 900), (220, 900)], fill="white", width=5)
    draw.text((140, 880), "20 m", font=ImageFont.load_default(22), fill="white", anchor="mm")
    out = io.BytesIO()
    _marked(_grain(image, 3)).save(out, "PNG", compress_level=1)
    return out.getvalue()


def casing_photo() -> bytes:
    """Return a drawn cartridge case beside a scale as JPEG, for the weapon analysis."""
    image = Image.new("RGB", PHOTO, (196, 194, 188))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle(
        [520, 520, 1010, 660], radius=18, fill=(168, 132, 62), outline=(104, 80, 36), width=4
    )
    draw.polygon([(1010, 528), (1090, 560), (1090, 620), (1010, 652)], fill=(158, 122, 56))
    draw.rectangle([500, 512, 524, 668], fill=(142, 108, 48))
    for step in range(9):
        draw.rectangle([420 + step * 80, 820, 500 + step * 80, 860], fill="black" if step % 2 else "white")
        draw.text(
            (420 + step * 80, 892),
            f"{step * 5} mm",
            font=ImageFont.load_default(24),
            fill="black",
            anchor="mm",
        )
    out = io.BytesIO()
    _marked(_grain(image, 11)).save(out, "JPEG", quality=88, exif=_camera("2025:03:14 13:05:40"))
    return out.getvalue()


def _floor(second: float) -> Image.Image:
    """Draw one frame of the clip: a tiled floor that the camera moves across slowly."""
    width, height = CLIP
    image = Image.new("RGB", CLIP, (178, 170, 158))
    draw = ImageDraw.Draw(image)
    shift = int(second * 18)
    for x in range(-80 - shift % 80, width + 80, 80):
        draw.line([x, 0, x + 40, height], fill=(150, 142, 130), width=2)
    for y in range(0, height, 60):
        draw.line([0, y, width, y], fill=(150, 142, 130), width=2)
    draw.ellipse([300 - shift, 150, 470 - shift, 250], fill=_BLOOD)
    draw.ellipse([420 - shift, 210, 520 - shift, 262], fill=_BLOOD)
    draw.rectangle([0, 0, width, 34], fill=(96, 84, 74))
    return _marked(image)


def _still(second: float) -> Any:
    frame: Any = av.VideoFrame
    return frame.from_image(_floor(second))


def floor_clip() -> bytes:
    """Return the drawn clip of a floor as MP4 (H.264, a quiet tone as sound)."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        picture: Any = container.add_stream("libx264", rate=CLIP_RATE)
        picture.width, picture.height = CLIP
        picture.pix_fmt = "yuv420p"
        picture.options = {"crf": "26", "preset": "veryfast"}
        sound: Any = container.add_stream("aac", rate=44100, layout="mono")
        for number in range(CLIP_RATE * CLIP_SECONDS):
            container.mux(picture.encode(_still(number / CLIP_RATE)))
        container.mux(picture.encode(None))
        _hum(sound, container.mux)
    return out.getvalue()


def _hum(sound: Any, mux: Callable[[Any], object]) -> None:
    size = 1024
    for start in range(0, 44100 * CLIP_SECONDS, size):
        wave = np.sin(np.arange(start, start + size) * (110 * 2 * np.pi / 44100)) * 0.05
        frame = av.AudioFrame.from_ndarray(wave.astype(np.float32)[None, :], format="fltp", layout="mono")
        frame.sample_rate = 44100
        frame.pts = start
        mux(sound.encode(frame))
    mux(sound.encode(None))
