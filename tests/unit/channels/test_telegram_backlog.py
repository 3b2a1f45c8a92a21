"""How long a tap may have waited at Telegram: known by when nothing was left there, or by when it could not come."""

from bot.channels.telegram.backlog import CATCHING_UP_S, KEPT_S, SECOND, Backlog

START = 1_800_000_000 * SECOND


def test_what_is_fetched_may_be_as_old_as_the_last_look_at_an_empty_queue() -> None:
    backlog = Backlog(missed_at=START)

    assert backlog.polled_s(START) == KEPT_S  # nobody knows how long we were away
    backlog.empty_at = START
    assert backlog.polled_s(START + 30 * SECOND) == 30
    assert backlog.polled_s(START + 3600 * SECOND) == 3600  # Telegram was out of reach
    assert backlog.polled_s(START - SECOND) == 0  # the clock was put back
    assert backlog.polled_s(START + 2 * KEPT_S * SECOND) == KEPT_S


def test_what_telegram_brings_has_waited_only_after_a_time_when_it_could_not() -> None:
    backlog = Backlog(missed_at=START)
    later = START + CATCHING_UP_S * SECOND

    assert backlog.posted_s(later - SECOND) == KEPT_S
    assert backlog.posted_s(later) == 0
    backlog.missed_at = later
    assert backlog.posted_s(later) == KEPT_S
