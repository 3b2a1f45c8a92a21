"""What a typed answer means: yes or no, the safety lists; numbers, choices and times come from their own files.

Never guesses: what is unclear, contradicts itself or is longer than an answer gives None, and the flow asks again.
"""

import re
from dataclasses import dataclass
from typing import Literal

from bot.dialogue.choices import OptionWords, parse_choice, parse_many
from bot.dialogue.numbers import LONGEST_ANSWER, NUMBER_WORDS, phrases_in, plain_digits, plain_words, words_in
from bot.dialogue.quantities import parse_number, parse_scale
from bot.dialogue.times import parse_time

__all__ = [
    "OptionWords",
    "SafetyReply",
    "parse_choice",
    "parse_many",
    "parse_number",
    "parse_safety",
    "parse_scale",
    "parse_time",
    "parse_yes_no",
]

_YES = words_in(
    "ja jo joa joah jaja jap jep jepp jupp jup jou jawohl jau yo klar klaro logo logisch sicher natürlich "
    "natuerlich gerne gern genau richtig "
    "korrekt stimmt passt ok okay oki okey einverstanden definitiv unbedingt freilich "
    "yes ye yep yeah yup yea yess sure aye correct right definitely absolutely exactly agreed y j"
)
_NO = words_in(
    "nein nö noe nee ne nope nöö nä na naa nah no non never nie niemals keinesfalls keineswegs negativ n nay"
)
_BESIDE_YES = words_in("ja yes na aber klar doch bitte danke please thanks of course oh ach gut sehr mach ich do")
_BESIDE_NO = words_in("danke bitte thanks thank you please oh ach lieber leider sorry")
_PHRASES = {
    True: phrases_in(
        "aber klar | aber sicher | aber ja | na klar | ja klar | auf jeden fall | of course | for sure | "
        "in ordnung | geht klar | alles klar | passt schon | mach ich | i do | yes i do | das stimmt | "
        "thats right | sounds good | warum nicht | why not | sehr gerne | gern | mit vergnügen | go ahead "
        "| passt so | passt für mich | passt fuer mich | geht in ordnung | los gehts | bin dabei | will ich"
    ),
    False: phrases_in(
        "nicht wirklich | eher nicht | auf keinen fall | gar nicht | überhaupt nicht | ueberhaupt nicht | "
        "lieber nicht | auf gar keinen fall | lass mal | nö du | ne du | not really | not at all | no way | "
        "rather not | id rather not | stimmt nicht | "
        "passt nicht | passt mir nicht | geht nicht | bitte nicht | nicht heute | heute nicht | not today "
        "| i dont | no i dont | of course not | natürlich nicht | nein danke | no thanks | no thank you | "
        "das stimmt nicht | will ich nicht | ich will nicht | möchte ich nicht | ich möchte nicht"
    ),
}
_SIGNS = {"👍": True, "✅": True, "👌": True, "👎": False, "❌": False}
_NOT_SEEN = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f\\s.!]")  # skin tones, emoji style, spaces, stops

_NONE_APPLIES = phrases_in(
    "0 | null | zero | nein | no | nö | noe | nee | ne | nope | nein nein | nein nichts | nichts | "
    "nix | nichts davon | nix davon | nein nichts davon | nein nix davon | keins | keines | keine | "
    "keins davon | keines davon | keine davon | nein keins | nein keins davon | nein keine davon | "
    "none | none of these | no none of these | none of them | no none of them | none of those | no "
    "none | nothing | no nothing | neither | nichts trifft zu | nein nichts trifft zu | none apply | "
    "none applies | none of these apply"
)
_UNSURE = phrases_in(
    "unsicher | nicht sicher | bin unsicher | bin nicht sicher | bin mir nicht sicher | bin mir "
    "unsicher | ich bin unsicher | ich bin nicht sicher | ich bin mir nicht sicher | ich bin mir "
    "unsicher | weiß nicht | weiss nicht | weiß ich nicht | weiss ich nicht | ich weiß nicht | ich "
    "weiss nicht | ich weiß es nicht | ich weiss es nicht | weiß es nicht | weiss es nicht | keine "
    "ahnung | vielleicht | kann sein | eventuell | not sure | im not sure | i am not sure | unsure | "
    "im unsure | i am unsure | dont know | i dont know | do not know | i do not know | no idea | "
    "maybe | perhaps | possibly | idk | dunno | i dunno"
)
_SOMETHING_APPLIES = phrases_in(
    "ja | jo | jep | jap | jupp | doch | ja etwas | ja etwas davon | etwas davon | ja eins davon | ja "
    "eines davon | ja trifft zu | trifft zu | leider ja | ja leider | yes | yep | yeah | yup | yes "
    "something | something | yes one of these | yes one of them | one of these | applies | y | j"
)
_NAMES_A_LINE = words_in(
    "ja yes zeile zeilen nummer nummern nr number numbers line lines punkt punkte und and plus trifft treffen zu "
    "applies apply die der das the"
)
_PLAIN_SIGNS = re.compile(r"[a-zäöüß0-9 .,!?&+;()'’\n\t]*")  # no dash: "1-3" may mean two lines or three


@dataclass(frozen=True, slots=True)
class SafetyReply:
    """An answer to a screening list; `lines` are the numbers named, empty when something unnamed applies."""

    kind: Literal["none", "lines", "unsure"]
    lines: frozenset[int] = frozenset()


def parse_safety(text: str, lines: int) -> SafetyReply | None:
    """A screening answer. *None of these* only when the text is a plain no and nothing else whatsoever."""
    typed = plain_digits(text).casefold().strip()
    if len(text) > LONGEST_ANSWER or not typed or not _PLAIN_SIGNS.fullmatch(typed):
        return None
    words = " ".join(re.findall(r"[a-zäöüß]+|\d+", re.sub("['’]", "", typed)))
    asks = "?" in typed
    if words in _UNSURE or (asks and not words):
        return SafetyReply("unsure")
    if asks:
        return None
    if words in _NONE_APPLIES:
        return SafetyReply("none")
    if words in _SOMETHING_APPLIES:
        return SafetyReply("lines")
    return _named_lines(words.split(), lines)


def _named_lines(words: list[str], lines: int) -> SafetyReply | None:
    named: set[int] = set()
    for word in words:
        number = int(word) if word.isdigit() else NUMBER_WORDS.get(word)
        if number is not None:
            named.add(number)
        elif word not in _NAMES_A_LINE:
            return None
    if not named or not all(1 <= number <= lines for number in named):
        return None
    return SafetyReply("lines", frozenset(named))


def parse_yes_no(text: str) -> bool | None:
    """A yes or a no, with the usual politeness around it and nothing else."""
    if len(text) > LONGEST_ANSWER or "?" in plain_digits(text):
        return None
    signs = {_SIGNS.get(sign) for sign in _NOT_SEEN.sub("", text)}
    if len(signs) == 1 and None not in signs:
        return signs.pop()
    words = plain_words(text)
    for meaning, phrases in _PHRASES.items():
        if words in phrases:
            return meaning
    given = [_unstretched(word) for word in words.split()]
    if _is_only(given, _YES, _BESIDE_YES):
        return True
    return False if _is_only(given, _NO, _BESIDE_NO) else None


def _is_only(given: list[str], meaning: frozenset[str], beside: frozenset[str]) -> bool:
    """Begins with the meaning; everything after it only underlines it."""
    return (
        bool(given) and given[0] in meaning and all(w in meaning or w in beside - {"aber", "doch"} for w in given[1:])
    )


def _unstretched(word: str) -> str:
    """`jaaaa` is *ja*: three and more equal letters shrink to one; two do so if that makes a known word."""
    short = re.sub(r"(.)\1{2,}", r"\1", word)
    single = re.sub(r"(.)\1+", r"\1", word)
    return single if short not in _YES | _NO and single in _YES | _NO else short
