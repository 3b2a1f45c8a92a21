"""The film: one silent H.264 stream that starts with the explanation and loops without a jump."""

import io
from dataclasses import dataclass
from itertools import pairwise

import av
import numpy as np
import pytest
from PIL import Image

from bot.pictures import film
from bot.pictures.film import HEAVIEST, HEIGHT, QUALITIES, WIDTH, encoded, first_frame_svg, light_enough
from bot.pictures.motion import FRAMES_PER_SECOND, STEPS, beats, hold_share, moment_at, progress, reshaped, seconds
from bot.pictures.poses import Tempo
from bot.pictures.profiles import Vec
from bot.pictures.raster import png
from bot.pictures.stage import Stage
from tests.unit.pictures.conftest import staged

KILOBYTE = 1024


@dataclass(frozen=True)
class Made:
    stage: Stage
    tempo: Tempo
    data: bytes
    frames: list[Vec]


@pytest.fixture(scope="module")
def made() -> Made:
    stage = staged("beckenkippen", 2)
    tempo = stage.level.tempo
    assert tempo is not None
    data = film.mp4(stage, tempo)
    with av.open(io.BytesIO(data), "r") as container:
        frames = [frame.to_ndarray(format="rgb24").astype(float) for frame in container.decode(video=0)]
    return Made(stage, tempo, data, frames)


def test_it_is_one_silent_h264_stream_of_one_repetition(made: Made) -> None:
    with av.open(io.BytesIO(made.data), "r") as container:
        assert [(stream.type, stream.codec_context.name) for stream in container.streams] == [("video", "h264")]
        stream = container.streams.video[0]
        assert (stream.width, stream.height, stream.pix_fmt) == (480, 360, "yuv420p")
    assert len(made.frames) == round(seconds(made.tempo) * FRAMES_PER_SECOND)


def test_it_is_small_and_starts_before_it_is_loaded(made: Made) -> None:
    assert len(made.data) <= 150 * KILOBYTE
    assert 0 < made.data.index(b"moov") < made.data.index(b"mdat")


def _differing(one: Vec, other: Vec) -> float:
    """Share of pixels whose colour differs visibly."""
    return float((np.abs(one - other).max(axis=2) > 40).mean())


def test_the_first_frame_is_the_explanation(made: Made) -> None:
    drawn = Image.open(io.BytesIO(png(first_frame_svg(made.stage)))).convert("RGB")
    explanation = np.asarray(drawn).astype(float)
    explanation[:70, :70] = made.frames[0][:70, :70]  # the ring is laid over it

    assert _differing(made.frames[0], explanation) < 0.005


def test_it_loops_without_a_jump(made: Made) -> None:
    middle = made.frames[len(made.frames) // 2]

    assert _differing(made.frames[0], made.frames[-1]) < 0.005
    assert _differing(made.frames[0], middle) > 0.02


def test_the_hold_stands_still(made: Made) -> None:
    start, end = (round(share * len(made.frames)) for share in hold_share(made.tempo))
    first, last = made.frames[start + 2].copy(), made.frames[end - 2].copy()
    first[:70, :70] = last[:70, :70] = 0

    assert _differing(first, last) < 0.002


def test_the_first_moment_shows_the_way_and_the_held_one_the_muscle() -> None:
    stage = staged("bruecke", 2)

    start, held = moment_at(stage, 0), moment_at(stage, 1)

    assert (start.signs, start.muscles, start.goal is not None) == (1, 0, True)
    assert (held.signs, held.muscles, held.goal) == (0, 1, None)


def test_progress_keeps_the_tempo() -> None:
    tempo = Tempo(there=2, hold=3, back=4, rest=1)

    assert seconds(tempo) == 10
    assert [progress(tempo, t) for t in (0, 0.99, 3, 5.99, 10)] == [0, 0, 1, 1, 0]
    assert progress(tempo, 2) == pytest.approx(0.5)
    assert progress(tempo, 8) == pytest.approx(0.5)


def test_no_step_of_the_movement_is_skipped_where_the_body_is_slow() -> None:
    steps = [beat.step for beat in beats(Tempo(there=2, hold=2, back=3, rest=1))]

    assert max(abs(a - b) for a, b in pairwise(steps)) <= STEPS / 20
    assert max(steps) == STEPS


def test_the_gif_loops_forever_at_the_same_tempo() -> None:
    stage = staged("bruecke", 1)
    tempo = Tempo(there=0.5, hold=0.5, back=0.5, rest=0.5)

    picture = Image.open(io.BytesIO(film.gif(stage, tempo)))

    total = 0
    for index in range(getattr(picture, "n_frames", 1)):
        picture.seek(index)
        total += picture.info["duration"]
    assert picture.info["loop"] == 0
    assert total == 1000 * seconds(tempo)


def test_a_film_that_would_be_too_heavy_is_coded_more_coarsely_and_a_light_one_is_not() -> None:
    rng = np.random.default_rng(7)
    flat = [Image.new("RGB", (WIDTH, HEIGHT), "#FBFAF7")] * 2
    busy = [Image.fromarray(rng.integers(0, 255, (HEIGHT, WIDTH, 3), dtype=np.uint8)) for _ in range(2)]
    best = encoded(busy, QUALITIES[0])

    assert light_enough(flat) == encoded(flat, QUALITIES[0])
    assert len(best) > HEAVIEST
    assert len(light_enough(busy)) < len(best)


def test_a_film_whose_last_pose_has_no_arrow_starts_with_an_earlier_one() -> None:
    stage = staged("exzentrik-hinsetzen", 2)

    assert not stage.moments[-1].courses
    assert moment_at(stage, 0).courses == stage.moments[1].courses != ()


def test_a_rest_starts_without_the_outline_of_a_goal() -> None:
    assert moment_at(staged("stufenlagerung", 1), 0).goal is None


def test_a_hand_closes_little_by_little_and_nothing_is_drawn_twice_where_none_does() -> None:
    pulling, bridge = staged("knie-zur-brust", 2), staged("bruecke", 2)

    shares = [reshaped(pulling, step / STEPS) for step in range(STEPS + 1)]

    assert shares == sorted(shares)
    assert 4 <= sum(0 < share < 1 for share in shares) <= 12
    assert {reshaped(bridge, step / STEPS) for step in range(STEPS + 1)} == {0, 1}


def test_a_breath_is_shown_on_both_ways() -> None:
    stage = staged("bauchatmung", 2)

    inwards, out = (moment_at(stage, 0.5, back=back) for back in (False, True))

    assert (inwards.courses, out.courses) == (stage.moments[1].courses, stage.moments[0].courses)
    assert (inwards.signs, out.signs) == (1, 1)
    assert moment_at(stage, 1).signs == moment_at(stage, 1, back=True).signs == 0
    # The loop closes: the next breath in is announced before it begins.
    assert moment_at(stage, 0, back=True).courses == stage.moments[1].courses
    assert moment_at(stage, 0).signs == moment_at(stage, 0, back=True).signs == 1


def test_who_lets_go_shows_what_was_tense_and_nothing_at_rest() -> None:
    stage = staged("pmr-kurz", 1)

    tense, loose = moment_at(stage, 0), moment_at(stage, 1)
    assert tense.phase.works == stage.level.phases[0].works
    assert (tense.muscles, loose.muscles) == (1, 0)
