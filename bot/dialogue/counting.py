"""Steps: today's number, days pasted from an app's export, and the key with which a phone tells them by itself.

What a phone tells is kept without a word: nobody is written to because of their steps.
"""

from datetime import date, timedelta

from bot.dialogue.amounts import read_amount
from bot.dialogue.conversation import Ended
from bot.dialogue.events import StepsCounted, StepsKeyMade
from bot.dialogue.facts import StepsKeyed, StepsLogged
from bot.dialogue.flows.telling import STEPS_TOLD, TellStart
from bot.dialogue.messages import Kind
from bot.dialogue.step_days import MOST_STEPS, key_hash, read_step_days
from bot.dialogue.telling import first, go_back, hear_movement, hear_steps, open_beside
from bot.dialogue.text import Text, text
from bot.dialogue.turn import Draft
from bot.dialogue.wishes import MakeStepsKey

KEPT_DAYS = 35  # the rules look no further back, and neither does the log
MAKE = frozenset({"automatisch", "auto", "automatic", "neu", "new", "handy", "phone"})
TAKE_AWAY = frozenset({"aus", "off", "stopp", "stop"})


def begin_steps(draft: Draft, argument: str) -> list[Ended]:
    """Steps of today, where a later number replaces an earlier one; of pasted days; or the phone's own key."""
    about = about_key(draft, argument)
    if about is not None:
        return about
    before = first(draft, moving=True)
    if before is not None:
        return before
    days = read_step_days(argument)
    if days is not None:
        return hear_movement(draft, text("steps/days", days=log_days(draft, days)))
    steps = read_amount(argument, 1, MOST_STEPS)
    if steps is None:
        return open_beside(draft, STEPS_TOLD, TellStart())
    draft.record(StepsLogged(steps=steps))
    return hear_steps(draft, steps)


def log_days(draft: Draft, days: tuple[tuple[str, int], ...]) -> int:
    """Keep those of the last weeks, also today's; how many there were."""
    today = draft.moment.day
    oldest = (today - timedelta(days=KEPT_DAYS)).isoformat()
    kept = [(day, steps) for day, steps in days if oldest <= day <= today.isoformat()]
    known = {walk.day: walk.steps for walk in draft.member.known.walks}
    for day, steps in kept:
        if known.get(day) != steps:  # a phone tells the same days again and again
            draft.record(StepsLogged(steps=steps, day="" if date.fromisoformat(day) == today else day))
    return len(kept)


def about_key(draft: Draft, argument: str) -> list[Ended] | None:
    """`/schritte automatisch` makes a key or a new one, `/schritte aus` takes it away. `None`: it is about neither."""
    word = argument.strip().casefold()
    if word in TAKE_AWAY:
        draft.record(StepsKeyed(hash=""))
        return _say(draft, text("steps/key-gone"))
    if word not in MAKE:
        return None
    if not draft.kit.operator.steps_address:
        return _say(draft, text("steps/no-key"))
    draft.wishes.append(MakeStepsKey())
    return []


def hear_key(draft: Draft, made: StepsKeyMade) -> list[Ended]:
    """Shown once; only its hash is kept. The one before stops working."""
    draft.record(StepsKeyed(hash=key_hash(made.key)))
    return _say(draft, text("steps/key", secret=made.key, address=draft.kit.operator.steps_address))


def hear_count(draft: Draft, counted: StepsCounted) -> list[Ended]:
    """From a phone. A key that was taken away meanwhile tells nothing any more."""
    if counted.key and counted.key == draft.member.known.steps_key:
        log_days(draft, counted.days)
    return []


def _say(draft: Draft, words: Text) -> list[Ended]:
    draft.send(draft.words(words), kind=Kind.WALKING)
    return go_back(draft)
