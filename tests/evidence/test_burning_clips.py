"""What is drawn over in a recording is gone: frames and samples, however it turns, hides or lies."""

import io
import struct
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import av
import numpy as np
import pytest

from evidence.decoding.burning import clips, frames, proof
from evidence.decoding.burning.regions import Misplaced, Region

UPPER_LEFT = Region("box", (0.0, 0.0, 50.0, 50.0))
_frames: Any = av.VideoFrame  # whose makers have no types
TENTHS = tuple(number / 10 for number in range(16))


def clip(
    *,
    size: tuple[int, int] = (66, 50),
    times: Iterable[float] = TENTHS,
    sound: bool = True,
    kind: str = "mp4",
) -> bytes:
    """Noise to see and to hear, frames at these times."""
    out, rng = io.BytesIO(), np.random.default_rng(3)
    with av.open(out, "w", format=kind) as made:
        video: Any = made.add_stream("libx264" if kind == "mp4" else "mpeg4", rate=10)
        video.width, video.height = size
        video.pix_fmt = "yuv444p" if kind == "mp4" else "yuv420p"
        video.codec_context.time_base = video.time_base = Fraction(1, 1000)
        video.metadata["title"] = "Canary"
        made.metadata["comment"] = "Canary"
        audio: Any = made.add_stream("aac", rate=44_100) if sound else None
        last = 0.0
        for time in times:
            pixels = rng.integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
            frame = _frames.from_ndarray(pixels, format="rgb24")
            frame.pts, frame.time_base, last = round(time * 1000), Fraction(1, 1000), time
            made.mux(video.encode(frame))
        made.mux(video.encode(None))
        if sound:
            made.mux(audio.encode(_noise(44_100, "stereo", last)))
            made.mux(audio.encode(None))
    return out.getvalue()


def _noise(rate: int, layout: str, seconds: float) -> Any:
    channels = av.AudioLayout(layout).nb_channels
    samples = np.random.default_rng(4).integers(-9000, 9000, (1, round(rate * seconds) * channels))
    frame: Any = av.AudioFrame.from_ndarray(samples.astype(np.int16), format="s16", layout=layout)
    frame.rate, frame.pts = rate, 0
    return frame


def turned_clip(content: bytes, matrix: tuple[int, ...]) -> bytes:
    """The same clip, told by its container to be shown otherwise: the person sees it so."""
    at = content.find(b"tkhd") + 4 + 4 + 36
    changed = bytearray(content)
    changed[at : at + 36] = struct.pack(">9i", *(one << 16 for one in matrix[:8]), 1 << 30)
    return bytes(changed)


def moving(content: bytes, *regions: Region, decoder: str = "mov") -> bytes:
    _, room, _ = clips.burn_clip(io.BytesIO(content), decoder, regions, has_picture=True, most=1 << 28)
    made = b"".join(room.pieces())
    assert list(proof.prove_clip(io.BytesIO(made), "mov", regions)) == []
    return made


def seen(content: bytes) -> list[tuple[float, Any]]:
    """The moment of each frame, and its brightness as it is shown."""
    opened: Any = av.open(io.BytesIO(content))
    with opened as container:
        found = container.decode(video=0)
        return [(float(frame.time), frame.to_ndarray(format="gray")) for frame in found]


def is_dark(picture: Any, region: Region) -> bool:
    height, width = picture.shape
    left, top, right, bottom = region.pixels(width, height)
    return bool(picture[top:bottom, left:right].max() < 60)


def test_box_of_a_clip_covers_every_frame_of_its_time_and_no_other() -> None:
    region = replace(UPPER_LEFT, start=500, end=900)
    content = clip()
    made = moving(content, region)
    shown = seen(made)
    assert [is_dark(picture, region) for _, picture in shown] == [
        0.4 <= round(at, 3) <= 0.9 for at, _ in shown
    ], "the frame that is still shown when the time begins is covered too"
    assert len(shown) == len(seen(content))
    assert b"Canary" not in made


def test_frames_at_odd_times_are_covered_as_long_as_they_are_shown() -> None:
    region = replace(UPPER_LEFT, start=1000, end=2000)
    times = (0, 0.05, 0.9, 2.5, 2.51, 3.0)
    shown = seen(moving(clip(times=times, sound=False), region))
    assert [round(at, 2) for at, _ in shown] == [0, 0.05, 0.9, 2.5, 2.51, 3.0]
    assert [is_dark(picture, region) for _, picture in shown] == [False, False, True, False, False, False]


TURNS = {
    "once": ((0, 1, 0, -1, 0, 0, 0, 0), -1),
    "twice": ((-1, 0, 0, 0, -1, 0, 0, 0), 2),
    "thrice": ((0, -1, 0, 1, 0, 0, 0, 0), 1),
}


@pytest.mark.parametrize("turn", TURNS)
def test_box_lands_where_the_person_saw_it_in_a_turned_clip(turn: str) -> None:
    matrix, quarters = TURNS[turn]
    content = clip(times=(0, 0.1), sound=False)
    region = Region("box", (0.0, 0.0, 50.0, 40.0), 0, 0, 1000)
    made = moving(turned_clip(content, matrix), region)
    (_, before), *_rest = seen(content)
    (_, after), *_more = seen(made)
    upright = np.rot90(before, quarters)
    assert after.shape == upright.shape
    assert is_dark(after, region)
    lower = slice(round(upright.shape[0] * 0.6), None)
    away = np.abs(after[lower].astype(int) - upright[lower].astype(int)).mean()
    assert away < 25, "what is not covered is what it was, turned as it was seen"


def test_mirrored_clip_is_not_guessed_at() -> None:
    content = turned_clip(clip(times=(0, 0.1), sound=False), (-1, 0, 0, 0, 1, 0, 0, 0))
    with pytest.raises(frames.Slanted):
        moving(content, replace(UPPER_LEFT, end=1000))


def test_odd_size_and_another_container_come_out_whole() -> None:
    region = replace(UPPER_LEFT, end=5000)
    assert seen(moving(clip(size=(67, 51), sound=False), region))[0][1].shape == (50, 66)
    assert seen(moving(clip(kind="avi", sound=False), region, decoder="avi"))


def test_time_that_there_is_not_is_said() -> None:
    with pytest.raises(Misplaced):
        moving(clip(times=(0, 0.1), sound=False), replace(UPPER_LEFT, start=60_000, end=61_000))
    with pytest.raises(Misplaced):
        moving(clip(times=(0, 0.1), sound=False), Region("silence", start=0, end=100))


def heard(content: bytes) -> tuple[Any, int]:
    """Samples, one row a channel, and how many make a second."""
    opened: Any = av.open(io.BytesIO(content))
    with opened as container:
        found = list(container.decode(audio=0))
    rows = [frame.to_ndarray().reshape(-1, frame.layout.nb_channels, order="C") for frame in found]
    if found[0].format.is_planar:
        rows = [frame.to_ndarray().T for frame in found]
    scale = 1.0 if found[0].format.name.startswith("flt") else 2.0**15
    return np.concatenate(rows).T / scale, found[0].rate


def test_sound_of_a_clip_is_silent_or_a_tone_where_that_was_asked() -> None:
    spans = (Region("silence", start=300, end=700), Region("tone", start=1000, end=1400))
    samples, rate = heard(moving(clip(), *spans))
    assert np.abs(samples[:, rate * 2 // 5 : rate * 3 // 5]).max() < 0.004
    tone = samples[0, rate * 11 // 10 : rate * 13 // 10]
    assert np.argmax(np.abs(np.fft.rfft(tone))) == pytest.approx(1000 * len(tone) / rate, abs=2)
    assert np.abs(samples[:, : rate // 5]).max() > 0.1


@pytest.mark.parametrize(
    ("kind", "codec", "decoder", "layout", "rate"),
    [
        ("wav", "pcm_s16le", "wav", "5.1", 48_000),
        ("flac", "flac", "flac", "mono", 16_000),
        ("ogg", "libopus", "ogg", "stereo", 48_000),
        ("wav", "pcm_s24le", "wav", "stereo", 96_000),
    ],
)
def test_every_channel_of_a_recording_is_silenced(
    kind: str, codec: str, decoder: str, layout: str, rate: int
) -> None:
    out = io.BytesIO()
    with av.open(out, "w", format=kind) as made:
        audio: Any = made.add_stream(codec, rate=rate, layout=layout)
        made.metadata["title"] = "Canary"
        made.mux(audio.encode(_noise(rate, layout, 1.0)))
        made.mux(audio.encode(None))
    span = Region("silence", start=250, end=500)
    _, room, _ = clips.burn_clip(io.BytesIO(out.getvalue()), decoder, [span], has_picture=False, most=1 << 28)
    content = b"".join(room.pieces())
    assert list(proof.prove_clip(io.BytesIO(content), "flac", [span])) == []
    with av.open(io.BytesIO(content)) as container:
        assert (dict(container.metadata), len(container.streams)) == ({}, 1)
        told: Any = container.streams.audio[0].codec_context
        assert (told.layout.nb_channels, told.rate) == (av.AudioLayout(layout).nb_channels, rate)
    samples, _ = heard(content)
    assert not samples[:, rate // 4 : rate // 2].any()
    assert (np.abs(samples[:, : rate // 5]).max(axis=1) > 0.05).all()
    louder = Region("silence", start=250, end=700)
    assert list(proof.prove_clip(io.BytesIO(content), "flac", [louder])) == ["heard"]


def test_clip_that_was_not_covered_is_no_copy() -> None:
    region = replace(UPPER_LEFT, start=500, end=900)
    made = moving(clip(), region, Region("tone", start=300, end=700))
    assert list(proof.prove_clip(io.BytesIO(made), "mov", [replace(region, end=1500)])) == ["seen"]
    assert list(proof.prove_clip(io.BytesIO(made), "mov", [Region("silence", start=300, end=700)])) == [
        "heard"
    ]
    assert "metadata" in list(proof.prove_clip(io.BytesIO(clip(sound=False)), "mov", []))
