"""/einstellungen: what is set now and what a choice changes. Times are booked anew, help follows the country."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from bot.coach.profile import minutes_named
from bot.dialogue.agenda import book_prompt
from bot.dialogue.clocks import ELSEWHERE, country_of, minutes_ahead, nearest_zone, zones_around
from bot.dialogue.contact import named_days
from bot.dialogue.conversation import Ended
from bot.dialogue.equipping import things
from bot.dialogue.facts import LanguageChosen, ProfileAnswered, TagsGiven
from bot.dialogue.figures import Figure
from bot.dialogue.flows.ending import Trigger, fits
from bot.dialogue.flows.preferences import (
    PREFERENCES,
    PreferStart,
    Questions,
    Setting,
    Shown,
    Switch,
    Wanted,
    named_likes,
    named_tags,
    named_things,
)
from bot.dialogue.flows.session import PROMPT
from bot.dialogue.history import named_to_mind, profile_of
from bot.dialogue.member import Known
from bot.dialogue.moment import Moment
from bot.dialogue.telling import first, go_back, open_beside
from bot.dialogue.text import Param, Text, text
from bot.dialogue.turn import Draft
from bot.library.library import Library

FIELDS = {
    Setting.TIME: "prompt_time",
    Setting.AFTER: "trigger",
    Setting.DAYS: "days_per_week",
    Setting.MINUTES: "minutes",
    Setting.THINGS: "equipment",
    Setting.LIKES: "likes",
    Setting.DESK: "desk",
    Setting.PUSH: "push",
    Setting.QUESTIONS: "questions",
    Setting.FIGURE: "figure",
    Setting.COUNTRY: "country",
}


def begin_settings(draft: Draft) -> list[Ended]:
    """What is set now, with a button for each thing; the safety questions come first."""
    before = first(draft)
    if before is not None:
        return before
    known = draft.member.known
    chosen = dict(known.settings)
    profile = profile_of(known, draft.kit.library, draft.moment.day)
    local = draft.moment.local
    start = PreferStart(
        time=known.prompt_time or "",
        after=known.about.trigger,
        days=profile.days_per_week or 0,
        minutes=minutes_named(profile, draft.kit.library.thresholds),
        things=things(draft.kit.library),
        has=known.about.equipment or (),
        likes=known.about.likes or (),
        minds=_minds(known, draft.kit.library),
        desk=chosen.get("desk", Switch.OFF.value),
        push=chosen.get("push", Shown.DISCREET.value),
        questions=chosen.get("questions", Questions.ALL.value),
        figure=chosen.get("figure", Figure.DEFAULT.value),
        language=draft.member.language,
        country=known.about.country or draft.kit.operator.country,
        clock=local.strftime("%H:%M"),
        clocks=tuple((local + timedelta(hours=hours)).strftime("%H:%M") for hours in (-1, 0, 1)),
    )
    return open_beside(draft, PREFERENCES, start)


def _minds(known: Known, library: Library) -> tuple[str, ...]:
    """What may be taken out: what was named, without what another of them brings along anyway."""
    named = named_to_mind(known, library)
    brought = {more for tag in named for more in library.tags[tag].implies}
    return tuple(tag for tag in library.tags if tag in named - brought)


def prefer(draft: Draft, wanted: Wanted) -> list[Ended]:
    """Keep it, say it in one line, and go back to what stood open."""
    if wanted.setting is not Setting.CLOSE:
        said = _kept(draft, wanted)
        draft.send(draft.words(said), buttons=draft.link_rows(("settings", "today")))
    return go_back(draft)


def _kept(draft: Draft, wanted: Wanted) -> Text:
    match wanted.setting:
        case Setting.LANGUAGE:
            draft.record(LanguageChosen(language=wanted.value))
            return text("language/changed")
        case Setting.ZONE:
            return _zone_kept(draft, wanted.value)
        case Setting.MIND:
            return _mind_kept(draft, frozenset(wanted.value.split(",")) - {""})
        case _:
            draft.record(ProfileAnswered(field=FIELDS[wanted.setting], value=wanted.value))
    if wanted.setting is Setting.TIME:
        _book_anew(draft)
        trigger = draft.member.known.about.trigger
        if trigger and not fits(trigger, time.fromisoformat(wanted.value)):  # nobody has breakfast in the evening
            draft.record(ProfileAnswered(field="trigger", value=""))
    return text(f"settings/kept-{wanted.setting.value}", value=_shown(wanted))


def _mind_kept(draft: Draft, gone: frozenset[str]) -> Text:
    """The only way on which something to mind goes (invariant I9)."""
    library = draft.kit.library
    if not gone:
        return text("settings/mind-same")
    stays = named_to_mind(draft.member.known, library) - gone
    draft.record(TagsGiven(tags=tuple(tag for tag in library.tags if tag in stays)))
    return text("settings/kept-mind", value=named_tags(tuple(tag for tag in library.tags if tag in gone)))


def _shown(wanted: Wanted) -> Param:
    match wanted.setting:
        case Setting.TIME:
            return wanted.value
        case Setting.DAYS:
            return named_days(int(wanted.value))
        case Setting.MINUTES:
            return int(wanted.value)
        case Setting.LIKES:
            return named_likes(tuple(wanted.value.split(",")))
        case Setting.THINGS:
            return named_things(tuple(thing for thing in wanted.value.split(",") if thing))
        case Setting.AFTER:
            return Text(f"ending/trigger-reply/{wanted.value or Trigger.NONE.value}")
        case _:
            return Text(f"settings/{wanted.setting.value}-reply/{wanted.value}")


def _zone_kept(draft: Draft, given: str) -> Text:
    """From the time on the member's wall; the zone names the country, the country the numbers to call."""
    ahead = minutes_ahead(draft.moment.local.strftime("%H:%M"), given)
    zone = nearest_zone(zones_around(draft.moment), ahead)
    if zone != draft.member.zone:
        draft.record(ProfileAnswered(field="zone", value=zone))
        draft.record(ProfileAnswered(field="country", value=country_of(zone, draft.kit.library) or ELSEWHERE))
        _book_anew(draft)
    clock = draft.moment.now.astimezone(ZoneInfo(zone)).strftime("%H:%M")
    return text("settings/kept-zone", clock=clock, emergency=draft.emergency_number)


def _book_anew(draft: Draft) -> None:
    """Today if the time is still to come and nothing was done yet, else tomorrow."""
    chosen = draft.member.known.prompt_time
    if chosen is None:
        return
    draft.drop_appointments(PROMPT)
    moment = Moment(draft.moment.now, ZoneInfo(draft.member.zone))
    trained = any(memo.day == moment.day.isoformat() for memo in draft.member.known.sessions)
    later = time.fromisoformat(chosen) > moment.local.time() and not trained
    book_prompt(draft, today=later)
