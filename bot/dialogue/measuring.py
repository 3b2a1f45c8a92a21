"""/test: what somebody can hold and do, measured at most once a week and only on a calm day; then the profile."""

from datetime import date
from functools import partial

from bot.coach.allowing import Exercises
from bot.coach.records import Mode
from bot.coach.rising import is_met
from bot.coach.selftest import fitting_tests, weakest
from bot.coach.today import is_rested
from bot.dialogue.agenda import ease, is_ready, offer_session, say_off
from bot.dialogue.charts import stability_picture
from bot.dialogue.conversation import Ended
from bot.dialogue.dates import date_text
from bot.dialogue.flows.selftest import SELFTEST, Measured, SelfTestStart, TestItem
from bot.dialogue.history import history_of, places_of, profile_of, results_of
from bot.dialogue.locked import open_room
from bot.dialogue.messages import Kind
from bot.dialogue.planning import choosing_now, gate_now, mode_now
from bot.dialogue.rescreening import lists_start
from bot.dialogue.starts import screening_start
from bot.dialogue.telling import first, go_back, open_beside
from bot.dialogue.text import Text, text
from bot.dialogue.turn import Draft
from bot.library.exercise import Need

CALM = {Mode.NORMAL, Mode.RAMP}  # days on which exercises have their usual form or a smaller one
_FEWEST = 2  # tests that are worth a picture


def begin_test(draft: Draft) -> list[Ended]:
    """The tests, or the profile of the last ones, or why it is not the day."""
    before = first(draft, moving=True)
    if before is not None:
        return before
    if not is_ready(draft) or lists_start(draft.member.known, draft.moment, draft.kit) is not None:
        return offer_session(draft)
    if draft.kit.exercises is Exercises.OFF:
        say_off(draft)
        return go_back(draft)
    known, library, rules = draft.member.known, draft.kit.library, draft.kit.library.thresholds.selftests
    if any((draft.moment.day - date.fromisoformat(each.day)).days < rules.again_days for each in known.halted):
        return _not_calm(draft)
    last = max((date.fromisoformat(each.day) for each in known.tests), default=None)
    if last is not None and (draft.moment.day - last).days < rules.again_days:
        return _show(draft, text("selftest/again", day=date_text(last), days=rules.again_days))
    if mode_now(draft.member, draft.moment, draft.kit) not in CALM:
        return _not_calm(draft)
    reached = partial(_is_met, draft)
    choosing = choosing_now(draft.member, draft.moment, draft.kit)
    fitting = fitting_tests(
        profile_of(known, library, draft.moment.day), places_of(known), library, reached, choosing.max_load
    )
    tests = {test.id: test for test in library.selftests.tests}
    fitting = tuple(each for each in fitting if is_rested(library.exercises[tests[each.test].exercise], choosing))
    if len(fitting) < _FEWEST:
        draft.send(draft.words(text("selftest/none")), buttons=draft.link_rows(("today",)))
        return go_back(draft)
    items = tuple(
        TestItem(
            test=each.test,
            exercise=tests[each.test].exercise,
            level=each.level,
            unit=tests[each.test].unit.value,
            cap=tests[each.test].cap,
            offers=tests[each.test].offers,
        )
        for each in fitting
    )
    start = SelfTestStart(
        items=items,
        stop_pain=int(rules.stop_pain),
        rise=int(rules.rise),
        screening=screening_start(draft.kit, known, draft.moment.day),
    )
    return open_beside(draft, SELFTEST, start)


def _not_calm(draft: Draft) -> list[Ended]:
    draft.send(draft.words(text("selftest/not-calm")), buttons=draft.link_rows(("today",)))
    return go_back(draft)


def _is_met(draft: Draft, need: Need) -> bool:
    known, library = draft.member.known, draft.kit.library
    day = draft.moment.day.toordinal()
    return is_met(need, places_of(known), history_of(known, library), day, library)


def hear_tests(draft: Draft, result: Measured) -> list[Ended]:
    """What came of it: the profile where something was measured, and what it changes. Very strong pain: the lists."""
    today = draft.moment.day.isoformat()
    if result is Measured.LOCKED:
        return open_room(draft)
    if result is not Measured.LATER and gate_now(draft.member, draft.moment, draft.kit) == Mode.SCREEN:
        return ease(draft, said=False)
    if result is not Measured.DONE or not any(each.day == today for each in draft.member.known.tests):
        return go_back(draft)
    return _show(draft, text("selftest/shown"))


def _show(draft: Draft, lead: Text) -> list[Ended]:
    """The picture; in words what lags behind, as an invitation and never as a shortcoming."""
    lagging = weakest(results_of(draft.member.known), draft.kit.library)
    next_to = text("selftest/even") if lagging is None else text("selftest/next", name=Text(f"selftest/{lagging}/name"))
    body = text("selftest/profile", lead=lead, next=next_to)
    picture = stability_picture(draft)
    draft.send(draft.words(body), picture=picture, buttons=draft.link_rows(("today", "progress")), kind=Kind.TALK)
    return go_back(draft)
