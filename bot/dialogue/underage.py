"""An age under 18 in a few typed words: "ich bin 16", "minderjährig". Whether it is so, a question settles."""

from bot.dialogue.conversation import Ended, open_flow
from bot.dialogue.flows.underage import UNDERAGE, UnderageStart
from bot.dialogue.numbers import NUMBER_WORDS, phrases_in, plain_words, words_in
from bot.dialogue.turn import Draft

_YOUNGEST, _OF_AGE = 5, 18
_SAYS_SO = phrases_in(
    "minderjährig | noch minderjährig | nicht volljährig | noch nicht volljährig | unter 18 | noch keine 18 | "
    "noch nicht 18 | a minor | still a minor | underage | under 18 | not 18 yet | not yet 18 | under age"
)
_I_AM = ("ich bin ", "bin ", "i am ", "im ")
_BESIDE = words_in("erst gerade jetzt noch nur schon only just still now jahre jahr alt years year old und and")


def hear_age(draft: Draft, typed: str) -> list[Ended] | None:
    """The question, where the words tell such an age; None: they do not, or it is being asked."""
    known, open_now = draft.member.known, draft.member.open
    if not known.consents or draft.member.alarm is not None or not says_under_age(typed):
        return None
    if open_now is not None and open_now.flow == UNDERAGE.name:
        return None
    return open_flow(draft, UNDERAGE, UnderageStart(emergency=draft.emergency_number))


def says_under_age(typed: str) -> bool:
    """The own age and nothing else; "my son is 12" and "16 minutes" are not."""
    said = plain_words(typed)
    about = next((said.removeprefix(start) for start in _I_AM if said.startswith(start)), "")
    if said in _SAYS_SO or about in _SAYS_SO:
        return True
    is_age = bool(about) or {"jahre", "alt"} <= set(said.split()) or {"years", "old"} <= set(said.split())
    rest = [word for word in (about or said).split() if word not in _BESIDE]
    if not is_age or len(rest) != 1:
        return False
    age = int(rest[0]) if rest[0].isascii() and rest[0].isdigit() and len(rest[0]) < 3 else NUMBER_WORDS.get(rest[0])
    return age is not None and _YOUNGEST <= age < _OF_AGE
