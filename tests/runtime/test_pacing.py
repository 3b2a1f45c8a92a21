"""Token buckets: rates hold over any time, answers and emergencies always find a token, pauses are obeyed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.messages import Priority
from bot.runtime.pacing import Pacing


def leave(pacing: Pacing, now: float, worst: Priority, limit: int = 1000) -> int:
    """All that may leave at this moment, each to a room of its own."""
    count = min(limit, pacing.budget(now, worst))
    for number in range(count):
        pacing.take(f"{now} {number}", now, private=True)
    return count


@pytest.mark.parametrize("rate", [0.1, 0.5, 1, 2, 25, 1000])
def test_the_rate_holds_over_a_minute_whatever_it_is(rate: float) -> None:
    pacing = Pacing(rate)
    sent = sum(leave(pacing, tick / 100, Priority.PROMPT) for tick in range(6000))
    assert rate * 60 * 0.9 - 1 <= sent <= rate * 60 + max(rate / 4, 2)


@pytest.mark.parametrize(("worst", "most"), [(Priority.GROUP, 26), (Priority.PROMPT, 26), (Priority.ANSWER, 31)])
def test_no_second_holds_more_than_the_platform_takes(worst: Priority, most: int) -> None:
    """Telegram takes about 30 a second over all chats; the rate is 25."""
    pacing = Pacing(25)
    sent = [leave(pacing, tick / 100, worst) for tick in range(1000)]

    assert max(sum(sent[at : at + 100]) for at in range(900)) <= most


def test_prompts_leave_tokens_for_answers_and_answers_one_for_an_emergency() -> None:
    pacing = Pacing(25)
    assert leave(pacing, 0, Priority.PROMPT) == 1
    assert leave(pacing, 0, Priority.ANSWER) == 4
    assert leave(pacing, 0, Priority.ANSWER) == 0
    assert leave(pacing, 0, Priority.EMERGENCY) == 6  # goes below zero
    assert leave(pacing, 0, Priority.EMERGENCY) == 0


def test_what_emergencies_overdrew_is_paid_back_by_prompts() -> None:
    pacing = Pacing(25)
    for worst in (Priority.PROMPT, Priority.ANSWER, Priority.EMERGENCY):
        leave(pacing, 0, worst)
    wait = pacing.whole_wait(0)
    assert pacing.budget(wait - 0.01, Priority.PROMPT) == 0
    assert pacing.budget(wait + 1e-6, Priority.PROMPT) == 1
    assert wait == pytest.approx((5 + 5 + 0.75) / 25)


@pytest.mark.parametrize(("private", "burst", "seconds"), [(True, 3, 1.0), (False, 3, 60 / 17)])
def test_a_room_has_a_burst_and_then_its_own_rate(*, private: bool, burst: int, seconds: float) -> None:
    pacing = Pacing(1000)
    for _ in range(burst):
        assert pacing.room_wait("r", 0, private=private) == 0
        pacing.take("r", 0, private=private)
    assert pacing.room_wait("r", 0, private=private) == pytest.approx(seconds)
    assert pacing.room_wait("another", 0, private=private) == 0


def test_no_minute_of_a_group_holds_more_than_twenty() -> None:
    pacing, sent = Pacing(1000), []
    for tick in range(3000):
        free = pacing.room_wait("g", tick / 10, private=False) == 0
        sent.append(free)
        if free:
            pacing.take("g", tick / 10, private=False)
    minutes = [sum(sent[at : at + 600]) for at in range(2400)]
    assert max(minutes) <= 20
    assert min(minutes) >= 16


def test_a_refusal_pauses_its_room_and_a_second_room_pauses_everything() -> None:
    pacing = Pacing(25)
    pacing.pause("a", 0, 30)
    assert pacing.room_wait("a", 1, private=True) == 29
    assert pacing.room_wait("b", 1, private=True) == 0
    assert pacing.budget(1, Priority.PROMPT) > 0

    pacing.pause("b", 2, 10)
    assert pacing.budget(11.9, Priority.EMERGENCY) == 0
    assert pacing.budget(12.1, Priority.EMERGENCY) > 0
    assert pacing.room_wait("a", 12.1, private=True) == pytest.approx(17.9)


def test_refusals_that_do_not_overlap_pause_one_room_each() -> None:
    pacing = Pacing(25)
    pacing.pause("a", 0, 5)
    pacing.pause("b", 6, 5)
    assert pacing.budget(7, Priority.PROMPT) > 0


def test_a_shorter_refusal_does_not_shorten_a_pause() -> None:
    pacing = Pacing(0)
    pacing.pause("a", 0, 30)
    pacing.pause("a", 1, 2)
    assert pacing.pause_left("a", 5) == 25


def test_after_a_pause_of_everything_no_burst_of_prompts_follows() -> None:
    pacing = Pacing(25)
    pacing.pause("a", 0, 60, whole_platform=True)
    assert pacing.budget(60.01, Priority.PROMPT) == 0
    assert pacing.budget(60.01, Priority.ANSWER) == 4
    assert pacing.budget(60.05, Priority.PROMPT) == 1


def test_without_an_own_limit_only_the_platform_s_pauses_count() -> None:
    pacing = Pacing(0)
    for _ in range(1000):
        pacing.take("a", 0, private=True)
    assert pacing.room_wait("a", 0, private=True) == 0
    assert pacing.budget(0, Priority.PROMPT) > 1000
    pacing.pause("a", 0, 5)
    assert pacing.room_wait("a", 1, private=True) == 4
    assert pacing.whole_wait(0) == 0


@given(
    rate=st.floats(0.1, 1000),
    steps=st.lists(st.tuples(st.floats(0, 5), st.sampled_from(Priority), st.integers(0, 60)), max_size=60),
)
def test_no_mixture_of_priorities_exceeds_the_rate(rate: float, steps: list[tuple[float, Priority, int]]) -> None:
    pacing, now, sent = Pacing(rate), 0.0, 0
    for seconds, worst, wanted in steps:
        now += seconds
        sent += leave(pacing, now, worst, wanted)
        assert sent <= rate * now + max(rate, 9) + 5 + 1e-6


def homeserver(pacing: Pacing, allows: float, burst: float, seconds: float) -> tuple[list[float], list[float]]:
    """When messages were taken, and when one was refused, by a server with a bucket of its own."""
    tokens, taken, refused, ticks = burst, [], [], int(seconds * 20)
    for tick in range(ticks):
        now = tick / 20
        tokens = min(burst, tokens + allows / 20)
        for number in range(pacing.budget(now, Priority.PROMPT)):
            pacing.take(f"{tick} {number}", now, private=True)
            if tokens >= 1:
                tokens -= 1
                taken.append(now)
            else:
                refused.append(now)
                pacing.pause(f"{tick} {number}", now, (1 - tokens) / allows, whole_platform=True)
    return taken, refused


@pytest.mark.parametrize(("allows", "burst"), [(0.2, 10), (1, 10), (5, 10), (20, 50)])
def test_the_rate_of_a_homeserver_is_found(allows: float, burst: float) -> None:
    taken, refused = homeserver(Pacing(50, finds=True), allows, burst, 1200)

    late = [at for at in taken if at >= 600]
    assert len(late) >= 0.8 * allows * 600
    rounds = {round(at) for at in refused if at >= 600}
    assert len(rounds) <= max(12, len(late) / 5)


def test_a_server_that_allows_everything_is_never_held_back() -> None:
    taken, refused = homeserver(Pacing(50, finds=True), 1000, 1000, 60)

    assert not refused
    assert len(taken) >= 50 * 59


def test_a_refusal_halves_the_rate_and_a_minute_takes_it_back() -> None:
    pacing = Pacing(50, finds=True)
    pacing.budget(10, Priority.PROMPT)
    pacing.pause("r", 10, 1, whole_platform=True)
    pacing.pause("s", 10, 1, whole_platform=True)  # was under way: refused together

    pacing.whole_wait(10)
    assert pacing.rate == 25
    pacing.whole_wait(40)
    assert pacing.rate == pytest.approx(37.5)
    pacing.whole_wait(70)
    assert pacing.rate == 50
    pacing.whole_wait(7000)
    assert pacing.rate == 50


def test_a_room_has_no_rate_of_its_own_where_the_rate_is_found() -> None:
    pacing = Pacing(50, finds=True)
    for _ in range(20):
        pacing.take("r", 0, private=True)

    assert pacing.room_wait("r", 0, private=True) == 0
