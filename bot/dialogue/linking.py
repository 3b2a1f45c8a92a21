"""Several places of one person: /verbinden (/link), /trennen (/unlink), and what the store says became of a wish.

A code is made in one place and given in the other; both confirm. `elsewhere` in a draft tells whether places are
linked already. While a question about safety stands above all, linking waits: it must not push that away.
"""

from dataclasses import replace
from datetime import timedelta

from bot.dialogue.conversation import SLOTS, Ended, end_early, open_flow, show_again, state_in
from bot.dialogue.events import LinkNews
from bot.dialogue.facts_places import Unlinked
from bot.dialogue.flows.link import LINKING, LinkAnswer, LinkStart
from bot.dialogue.flows.session import SESSION
from bot.dialogue.locked import open_room
from bot.dialogue.member import Known
from bot.dialogue.messages import Button, Where
from bot.dialogue.quoting import stop_quoting
from bot.dialogue.steps import After, Book
from bot.dialogue.telling import go_back
from bot.dialogue.text import Joined, Text, text
from bot.dialogue.turn import UNSEALED, Draft
from bot.dialogue.wishes import Agree, Decline, MakeCode, Part, PreferHere, RedeemCode

CODE_OVER = "code-over"
CODE_LIVES = timedelta(minutes=10)
LINK_CODE = "l_"  # a start code that opens linking
HERE = frozenset({"here", "hier"})
THERE = frozenset({"there", "dort"})
SAID = frozenset({"wrong", "enough", "same", "late", "declined", "waiting"})


def begin_link(draft: Draft, argument: str) -> list[Ended]:
    """Without a code: one is made here. With one: it is given here. `here`: prompts come here from now on."""
    if argument.casefold() in HERE:
        return _prefer_here(draft)
    if argument:
        return redeem(draft, argument.removeprefix(LINK_CODE))
    if not draft.member.known.consents:
        return _say_beside(draft, text("linking/how"))
    if not _waits(draft):
        draft.wishes.append(MakeCode())
    return []


def redeem(draft: Draft, code: str) -> list[Ended]:
    """A code of another place. What becomes of it comes back as news."""
    if not _waits(draft):
        draft.wishes.append(RedeemCode(code))
    return []


def begin_unlink(draft: Draft, argument: str) -> list[Ended]:
    """Take this place away, or the others. No question stands between: it must work in every state."""
    if not draft.elsewhere:
        return _say_beside(draft, text("unlink/single"))
    others = _names(draft.elsewhere)
    if argument.casefold() in HERE | THERE:
        here = argument.casefold() in HERE
        draft.wishes.append(Part(here=here))
        stays = text("unlink/stays-sealed" if _leaves_words(draft, here=here) else "unlink/stays")
        gone = text("unlink/gone")
        draft.record(Unlinked(here=here, sealed=draft.was_sealed))
        if here:
            _close_cards(draft)
        draft.send(draft.words(gone if here else stays))
        draft.send(draft.words(stays if here else gone), where=Where.ELSEWHERE)
        return [] if here else go_back(draft)
    buttons = (
        (Button(label=draft.words(text("unlink/here")), data="/unlink here"),),
        (Button(label=draft.words(text("unlink/there")), data="/unlink there"),),
    )
    draft.send(draft.words(text("unlink/ask", others=others)), buttons=buttons)
    return []


def _leaves_words(draft: Draft, *, here: bool) -> bool:
    """Whether what stays is on Telegram and what goes, or went, was encrypted: words from there are not quoted."""
    staying = set(draft.elsewhere) if here else {draft.channel}
    return UNSEALED in staying and draft.was_sealed


def _close_cards(draft: Draft) -> None:
    """What is asked here now is asked elsewhere from the next word on: the buttons go with the place."""
    for slot in SLOTS:
        state = state_in(draft, slot)
        if state is not None and state.card is not None:
            draft.edit(state.card, draft.words(text("place/away")))
            draft.change(**{slot: replace(state, card=None)})


def hide_code(draft: Draft) -> list[Ended]:
    """A code that was used, has run out or was replaced stands nowhere any more."""
    if draft.member.code_row:
        draft.edit(draft.member.code_row, draft.words(text("linking/over")))
        draft.change(code_row=0)
    return []


def hear_link(draft: Draft, news: LinkNews) -> list[Ended]:
    """The store has decided. Whatever it is about, a code that was shown here before is over."""
    hide_code(draft)
    match news.what:
        case "code":
            if draft.elsewhere:
                draft.send(draft.words(text("linking/now", others=_names(draft.elsewhere))), buttons=_prefer(draft))
            draft.change(code_row=draft.send(draft.words(text("linking/code", code=news.code))))
            draft.book(Book(kind=CODE_OVER, when=After(CODE_LIVES)))
            return go_back(draft)
        case "asked":
            return _ask(draft, news)
        case "linked":
            return _linked(draft, news)
        case "again":
            draft.wishes.append(Agree(news.link, news.keep))
            return []
        case _ if news.what in SAID:
            return _say_beside(draft, text(f"linking/{news.what}"))
        case _:
            return []


def answer_link(draft: Draft, answer: LinkAnswer) -> list[Ended]:
    """The side has answered. An alarm that came meanwhile goes first: then nothing is linked."""
    if answer.agreed and draft.member.alarm is None:
        draft.wishes.append(Agree(answer.link, answer.keep))
        return []
    draft.wishes.append(Decline(answer.link))
    return _say_beside(draft, text("linking/declined"))


def _ask(draft: Draft, news: LinkNews) -> list[Ended]:
    if draft.member.alarm is not None:
        draft.wishes.append(Decline(news.link))
        return []
    standing = draft.member.open
    if standing is not None and standing.flow == LINKING.name:
        end_early(draft, "open")
    start = LinkStart(
        link=news.link,
        here=draft.channel,
        there=news.there,
        both=news.both,
        keep=news.keep,
    )
    return open_flow(draft, LINKING, start)


def _linked(draft: Draft, news: LinkNews) -> list[Ended]:
    """One person, one history, one more place: flags first, then both places hear of it and the talk goes on here."""
    before = draft.member.known
    if news.united is not None:
        draft.record(news.united)
    stop_quoting(draft)
    known = draft.member.known
    if not _is_stricter(before, known):
        _carry_on(draft, before.safety_revision)
    elif draft.member.open is not None and draft.member.open.flow == SESSION.name:
        end_early(draft, "open")  # it was planned without these flags
    for others, where in ((_names(draft.elsewhere), Where.ORIGIN), (Text(f"place/{draft.channel}"), Where.ELSEWHERE)):
        draft.send(draft.words(text("linking/done", others=others)), buttons=_prefer(draft), where=where)
    if known.lock is not None and known.lock != before.lock:
        return open_room(draft)
    return go_back(draft)


def _carry_on(draft: Draft, before: int) -> None:
    """The other side brought no flag: what could go on before is as safe as it was, and goes on."""
    for slot in SLOTS:
        state = state_in(draft, slot)
        if state is not None and state.revision == before:
            draft.change(**{slot: replace(state, revision=draft.member.known.safety_revision)})


def _prefer(draft: Draft) -> tuple[tuple[Button, ...], ...]:
    return ((Button(label=draft.words(text("linking/prefer")), data="/link here"),),)


def _is_stricter(before: Known, known: Known) -> bool:
    return known != replace(before, safety_revision=known.safety_revision)


def _prefer_here(draft: Draft) -> list[Ended]:
    if not draft.elsewhere:
        return _say_beside(draft, text("unlink/single"))
    draft.wishes.append(PreferHere())
    return _say_beside(draft, text("linking/preferred"))


def _waits(draft: Draft) -> bool:
    """A question about safety stands: it is asked again, and linking comes later."""
    if draft.member.alarm is None:
        return False
    draft.send(draft.words(text("linking/later")))
    show_again(draft, "alarm")
    return True


def _say_beside(draft: Draft, line: Text) -> list[Ended]:
    draft.send(draft.words(line))
    return go_back(draft)


def _names(channels: tuple[str, ...]) -> Joined:
    return Joined(tuple(Text(f"place/{channel}") for channel in dict.fromkeys(channels)), ", ")
