"""Which texts the code asks for: `source_keys` reads the literal ones, built ones are spelled out here.

A new way of building a key makes `collect` fail with its place, so that nobody forgets to add its texts.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from bot.coach.disposition import Disposition
from bot.coach.reasons import CAUSES, reason_ids
from bot.dialogue import round_questions
from bot.dialogue.commands import GROUPS, Command
from bot.dialogue.events import Unreadable
from bot.dialogue.explaining import OWN, TOLD_INPUTS
from bot.dialogue.figures import Figure
from bot.dialogue.flows import (
    bother,
    card,
    clearing,
    desk,
    disposed,
    ending,
    flare,
    following,
    limits,
    link,
    maintaining,
    note,
    onboarding,
    pausing,
    portion_help,
    portion_mood,
    portion_person,
    portion_place,
    portion_safety,
    portion_taste,
    preferences,
    relief,
    report,
    round_joining,
    round_setup,
    screening,
    selftest,
    session,
    session_comeback,
    session_exercise,
    session_offer,
    settings,
    telling,
    underage,
    week,
)
from bot.dialogue.flows import round as rounds
from bot.dialogue.linking import SAID
from bot.dialogue.questions import Marked
from bot.dialogue.reporting import CHANGES_TOLD, TOLD_ANSWERS
from bot.dialogue.rounds import TapAnswer
from bot.dialogue.showing import SUPPORT
from bot.dialogue.typed_word import Typed
from bot.library.alarm_phrases import AlarmCategory
from bot.library.content_needs import TOPIC_SLOTS
from bot.library.exercise import HOUSEHOLD, Category, Equipment, Unit
from bot.library.library import Library
from bot.library.limits import Movement
from bot.library.lint import Needs, Slots
from bot.library.screening import AgeBand, Episode
from bot.library.selftest import Measure
from tests.unit.content.source_keys import Collected, read_sources

CHANNELS = ("telegram", "matrix", "web", "console")
LOCKS = ("emergency", "crisis", "urgent", "doctor_first")
FOLLOW_UPS = ("emergency", "urgent", "crisis", "doctor_first")
LEVELS = ("emergency", "urgent", "crisis")
WORDINGS = range(1, 13)
PARTS_OF_DAY = ("morning", "noon", "evening")
CATEGORIES = tuple(category.value for category in AlarmCategory if category is not AlarmCategory.NONE)
STATIC = (
    "trouble/line",
    "profile/description",
    "profile/short",
    "round/cannot-bring",
    "round/entered",
    "matrix/crowded",
    "portion/own-chip/own",
    *(f"export/read-{line}" for line in ("what", "times", "journal", "now", "places", "missing")),
)  # asked for by the runtime
NOTICES = ("exported",)
LINKS = ("hurts", "news", "mistyped", "menu")  # offered beside others, put together at run time
PURPOSES = ("coaching", "mood")
KEPT = ("time", "after", "days", "minutes", "things", "likes", "mind", "desk", "push", "questions", "figure", "country")
SWITCHES: Mapping[str, type[StrEnum]] = {
    "desk": preferences.Switch,
    "push": preferences.Shown,
    "questions": preferences.Questions,
    "figure": Figure,
    "language": preferences.Language,
    "country": preferences.Country,
}
PLACES = tuple(f"place/{channel}" for channel in CHANNELS)
READERS = tuple(f"place/reads-{channel}" for channel in CHANNELS)
ROUND_NAMES = tuple(f"round/name/{name.value}" for name in round_questions.Name)
TURNS = ("R_NEW", "R_BACK", "R_ROTATE", "R_SWAP")  # how the programme grows and turns
DECIDED = (
    *("R_FLAG", "R_SCREEN", "R_FLARE", "R_RED2", "R_RED", "R_AMBER", "R_USER", "R_DOSE", "R_SETS", "R_LEVEL"),
    *("R_HOLD", "R_PAUSE", "R_LOAD", "R_48H", "R_DELOAD", "P_START", "P_EQUIPMENT", *TURNS, "R_CHOSEN"),
)
PLANNED_RULES = ("R_48H", *TURNS, "R_DELOAD")  # planning's own rules, beside those of the coach
REASON_SLOTS = frozenset({"exercise", "before", "peak", "over", "next_morning", "usual"})

# labels=… : the options of each question
LABELS: Mapping[str, type[StrEnum]] = {
    "clarify/answer": screening.YesNoUnsure,
    "screening/single": screening.YesNoUnsure,
    "screening/answer": Marked,
    "screening/meant-reply": screening.Meant,
    "onboarding/consent-reply": onboarding.Consent,
    "age": AgeBand,
    "underage/reply": underage.Young,
    "episode": Episode,
    "session/first-reply": session_offer.First,
    "session/reply": session_offer.Offer,
    "session/wish": session_offer.Wish,
    "session/rise-reply": session.Rise,
    "session/easier-reply": session.Easier,
    "session/went": session_exercise.Went,
    "session/instead": session_exercise.Instead,
    "session/next-reply": session_exercise.Next,
    "session/how-much-reply": session_exercise.HowMuch,
    "session/quality": session_exercise.Quality,
    "ending/clock-reply": ending.Clock,
    "ending/land-reply": ending.Land,
    "ending/trigger-reply": ending.Trigger,
    "flare/choice": flare.Gentle,
    "portion/own-chip": portion_person.Own,
    "portion/activity-reply": portion_person.Everyday,
    "portion/work-reply": portion_person.Work,
    "portion/shown-reply": portion_person.Shown,
    "portion/soft-reply": portion_safety.Ready,
    "portion/likes-reply": portion_taste.Rather,
    "portion/place-reply": portion_place.Spot,
    "portion/helped-chip": portion_help.Helped,
    "portion/mood-reply": portion_mood.MoodConsent,
    "portion/often": portion_mood.HowOften,
    "stop/reply": settings.Stop,
    "week/goal-reply": week.Goal,
    "desk/offer-reply": week.Desk,
    "desk/break-reply": desk.Break,
    "bother/reply": bother.Bother,
    "maintain/reply": maintaining.Keep,
    "silence/first-reply": note.First,
    "silence/last-reply": note.Last,
    "comeback/reply": session_comeback.Comeback,
    "relief/offer": relief.Relief,
    "relief/felt": relief.Felt,
    "card/verdict": card.Verdict,
    "round/wish": rounds.Wish,
    "round/adult": rounds.Adult,
    "round/sure": rounds.Sure,
    "round/sharing": round_joining.Joining,
    "round/shown": round_joining.Shown,
    "round/ready": round_setup.Ready,
    "round/part": round_setup.Part,
    "round/keep": round_setup.Kept,
    "erase/reply": settings.Erase,
    "limits/reply": limits.Limit,
    "limits/kind": Category,
    "limits/move": Movement,
    "settings/mind-sure-reply": preferences.Sure,
    "pause/length": pausing.Length,
    "pause/reason": pausing.Reason,
    "problem/reply": telling.Trouble,
    "report/reply": report.Wish,
    "selftest/ready": selftest.Ready,
    "selftest/left-reply": selftest.Left,
    "linking/sure": link.Sure,
    "linking/which": link.Which,
    "linking/erase": Typed,
    "settings/reply": preferences.Setting,
    "kind": preferences.Liked,
    "screening/since-reply": following.Since,
    "screening/ago-reply": following.Ago,
    "clearance/said-reply": clearing.Said,
    "clearance/wish-reply": clearing.Wish,
    "clearance/by-reply": clearing.By,
    "clearance/seen-reply": clearing.Seen,
    "clearance/found-reply": clearing.Found,
    "doctor_first/remind-reply": disposed.Remind,
    "emergency/reply": disposed.EmergencyReply,
    "urgent/reply": disposed.UrgentReply,
    "crisis/reply": disposed.CrisisReply,
    "doctor_first/reply": disposed.DoctorReply,
    **{f"{each}/follow-up-reply": disposed.FollowUpReply for each in FOLLOW_UPS},
}
LABELS_BUILT = {
    "exercise",  # names, collected below
    "exercise/{name}",  # forms, collected below
    "settings/{setting.value}-reply",
    "clearance/{name}-reply",
    "tag",
    "portion/thing",
    "screening/short",
    "{start.disposition}/reply",
    "{start.disposition}/follow-up-reply",
}
DONE_BUILT: Mapping[str, tuple[str, ...]] = {
    "{start.disposition}/done": tuple(f"{lock}/done" for lock in LOCKS),
    "selftest/done-{item.unit}": tuple(f"selftest/done-{unit.value}" for unit in Measure),
}
# Keys that come from elsewhere: the expression as it stands in the source, and where its keys are collected instead.
OPAQUE = {
    "what": (),  # a question that is passed on, collected where it is made
    "lead": (
        "screening/intro",
        "screening/again",
        "lists/month",
        "lists/pause",
        "lists/open",
        "lists/new",
        "week/lists",
    ),
    "how": ("session/stabbing", "session/left-out", "session/pulling"),
    "answer": (),  # both sides stand in the same function, collected below
    "change.reason": (),  # REASONS
    "key": (),  # picture alt texts
    "question.skip": ("button/skip", "button/later", "selftest/skip"),
    "label": (
        "button/done",
        "tag/none",
        "screening/short/none",
        "portion/thing/none",
        "kind/none",
        "portion/place-reply/none",
    ),
}
ANSWERED = {
    "emergency/coming": {"emergency"},
    "emergency/unsure": {"emergency"},
    "export/read-me": {"operator", "contact", "at"},
    "matrix/plain": {"emergency", "crisis"},
    "matrix/beside": {"emergency", "crisis"},
    **{f"{d}/{how}": {"emergency", "doctor", "crisis"} for d in FOLLOW_UPS for how in ("helped", "not-helped")},
}


def _patterns(library: Library) -> dict[str, tuple[str, ...]]:
    """Every pattern in the source with all its keys."""
    exercises = library.exercises.values()
    items = tuple(item.id for item in library.screening.items)
    lines = tuple(f"screening/{item}" for item in items)
    stems = tuple(f"exercise/{exercise.id}" for exercise in exercises)
    levels = tuple(
        f"{stem}/level-{level}" for e, stem in zip(exercises, stems, strict=True) for level in _levels(e.top_level)
    )
    names = tuple(f"{stem}/name" for stem in stems)
    return {
        "clarify/{level}": tuple(f"clarify/{level}" for level in LEVELS),
        "clarify/about/{category}": tuple(f"clarify/about/{category}" for category in CATEGORIES),
        "phone/{start.item}": tuple(f"phone/{item}" for item in (*items, *CATEGORIES)),
        "{start.disposition}/text": tuple(f"{lock}/text" for lock in LOCKS),
        "{start.disposition}/follow-up": tuple(f"{each}/follow-up" for each in FOLLOW_UPS),
        "{lock.disposition}/locked": tuple(f"{lock}/locked" for lock in LOCKS),
        "clearance/{name}": tuple(f"clearance/{name}" for name in ("said", "wish", "by", "seen", "found")),
        "screening/{line.item}": lines,
        "screening/{item}": lines,
        "screening/list-{page.number}": tuple(f"screening/list-{number}" for number in (1, 2, 3, 4)),
        "morning/ask-{start.wording}": tuple(f"morning/ask-{n}" for n in WORDINGS),
        "prompt/{start.part}-{start.wording}": tuple(f"prompt/{part}-{n}" for part in PARTS_OF_DAY for n in WORDINGS),
        "prompt/called-{start.part}": tuple(f"prompt/called-{part}" for part in PARTS_OF_DAY),
        "prompt/hangs-on-{_AFTER_SOMETHING[start.wording]}": tuple(f"prompt/hangs-on-{n}" for n in range(1, 5)),
        "ending/trigger-reply/{start.hangs_on}": (),  # buttons, labels of LABELS
        "ending/trigger-reply/{wanted.value or Trigger.NONE.value}": (),
        "ending/after-{start.after}": (),  # those of the ending
        "onboarding/channel-{start.channel}": tuple(f"onboarding/channel-{channel}" for channel in CHANNELS),
        "privacy/channel-{draft.channel}": tuple(f"privacy/channel-{channel}" for channel in CHANNELS),
        "exercise/{change.exercise}/name": names,
        "exercise/{each.exercise}/name": names,
        "exercise/{unwanted}/name": names,
        "exercise/{exercise}/name": names,
        "exercise/{each.exercise}/level-{each.level}/name": tuple(f"{level}/name" for level in levels),
        "{stem}/level-{each.level}/name": tuple(f"{level}/name" for level in levels),
        "{stem}/level-{each.level}/how": tuple(f"{level}/how" for level in levels),
        "{stem}/cue": tuple(f"{stem}/cue" for stem in stems),
        "dose/{each.unit}": tuple(f"dose/{unit.value}" for unit in Unit),
        "dose/once/{each.unit}": tuple(f"dose/once/{unit.value}" for unit in Unit),
        "stop/{chosen.value}": tuple(
            f"stop/{stop.value}" for stop in settings.Stop if stop is not settings.Stop.QUESTION
        ),
        "command/{command.value}": tuple(f"command/{command.value}" for command in Command),
        "why/{rule}": tuple(f"why/{rule}" for rule in DECIDED),
        "why/name/{name}": tuple(f"why/name/{name}" for name in TOLD_INPUTS),
        "source/{key}": tuple(
            f"source/{key}"
            for key in sorted({OWN, *(key for rule in library.thresholds.rules.values() for key in rule.sources)})
        ),
        "settings/ask-{setting.value}": tuple(f"settings/ask-{name}" for name in SWITCHES),
        **{
            f"settings/{name}-reply/{{start.{name}}}": _labels_of(f"settings/{name}-reply", options)
            for name, options in SWITCHES.items()
        },
        "settings/{wanted.setting.value}-reply/{wanted.value}": (),  # the same buttons
        "settings/kept-{wanted.setting.value}": tuple(f"settings/kept-{name}" for name in KEPT),
        "consent/for-{purpose}": tuple(f"consent/for-{purpose}" for purpose in PURPOSES),
        "help/group-{group}": tuple(f"help/group-{group}" for group, _ in GROUPS),
        "support/{each}": (),  # buttons, see `_buttons`
        "exercise/{each}/name": names,
        "exercise/{leaves}/name": names,
        "kind/{kind}": (),  # labels of LABELS
        "kind/{like}": (),
        "kind/{kind.value}": (),
        "exercise/{name}/name": names,
        "exercise/{exercise}/level-{level}/name": tuple(f"{level}/name" for level in levels),
        "{stem}/level-{level}/name": tuple(f"{level}/name" for level in levels),
        "{stem}/level-{level}/how": tuple(f"{level}/how" for level in levels),
        "{stem}/mistake": tuple(f"{stem}/mistake" for stem in stems),
        "card/{argument}/title": (),  # cards of CARD
        "card/{argument}/text": (),
        "topic/{topic.id}": (),  # asked for by the content itself
        "notice/{what}": tuple(f"notice/{what}" for what in NOTICES),
        "media/{event.what.value}": tuple(f"media/{what.value}" for what in Unreadable),
        "card/{start.card}/claim": tuple(f"card/{c.id}/claim" for c in library.cards if c.quiz is not None),
        "card/{start.card}/title": tuple(f"card/{c.id}/title" for c in library.cards),
        "card/{start.card}/text": tuple(f"card/{c.id}/text" for c in library.cards),
        "{NAMES}/{kept}": ROUND_NAMES,
        "{NAMES}/{name}": ROUND_NAMES,
        "{NAMES}/{name.value}": ROUND_NAMES,
        "round/begin/{key}": ("round/begin/today", "round/begin/tomorrow", "round/begin/monday"),
        "round/card-reads-{showing.value}": tuple(f"round/card-reads-{it}" for it in ("group", "hears", "open")),
        "round/tap/{answer.value}": tuple(f"round/tap/{answer.value}" for answer in TapAnswer),
        "round/{news.what}": tuple(
            f"round/{what}" for what in ("enough", "counted", "late", "not-in", "mine", "not-yours")
        ),
        "exercise/{taste.exercise}/name": names,
        "exercise/{placed.exercise}/name": names,
        "exercise/{placed.exercise}/level-{placed.level}/name": (),  # levels of exercises, collected above
        "advice/{key}": (),  # reasons, collected above
        "portion/thing/{thing}": (),  # things, collected below
        "report/in-{start.channel}": tuple(f"report/in-{channel}" for channel in CHANNELS),
        **_report_patterns(library),
        **_test_patterns(library),
        "export/in-{draft.channel}": tuple(f"export/in-{channel}" for channel in CHANNELS),
        "place/{start.there}": PLACES,
        "place/{channel}": PLACES,
        "place/{draft.channel}": PLACES,
        "place/reads-{start.here}": READERS,
        "place/reads-{start.there}": READERS,
        "linking/keeps-{start.keep}": ("linking/keeps-here", "linking/keeps-there"),
        "linking/{news.what}": tuple(f"linking/{said}" for said in sorted(SAID)),
        "{labels}/yes": (),  # labels of LABELS
        "{PLACE_LABELS}/{spot}": (),  # see LABELS
        "ending/in-{land}": tuple(f"ending/in-{land.value}" for land in ending.Land),
        "ending/after-{trigger.value}": tuple(
            f"ending/after-{each.value}" for each in ending.Trigger if each is not ending.Trigger.NONE
        ),
        "weekday/{number}": tuple(f"weekday/{n}" for n in range(1, 8)),
        "weekday/{day.isoweekday()}": tuple(f"weekday/{n}" for n in range(1, 8)),
        "charts/weekday-{day.isoweekday()}": tuple(f"charts/weekday-{n}" for n in range(1, 8)),
        "charts/month-{day.month}": tuple(f"charts/month-{n}" for n in range(1, 13)),
        "week/course-{course}": tuple(f"week/course-{course}" for course in ("better", "same", "worse")),
        "week/changed-{change}": tuple(f"week/changed-{change}" for change in week.CHANGES),
        "idea/{idea}": tuple(f"idea/{idea}" for idea in desk.IDEAS),
        "week/new-{start.news}": tuple(f"week/new-{new}" for new in week.NEWS),
        "exercise/{start.coming}/name": names,
        "exercise/{move.exercise}": stems,
        "{stem}/level-{move.level}/name": tuple(f"{level}/name" for level in levels),
        "{stem}/level-{move.level}/how": tuple(f"{level}/how" for level in levels),
        "comeback/{start.back}": tuple(f"comeback/{back}" for back in session_comeback.BACK),
        "{labels}/{kept.removeprefix(CHIP)}": (),  # chips are in LABELS
        "link/{link}": (),  # links are collected where they are offered
    }


def _report_patterns(library: Library) -> dict[str, tuple[str, ...]]:
    """What stands on the paper for a practice."""
    results = (*(disposition.value for disposition in Disposition), "open")
    built = {
        "report/answer-{answer}": TOLD_ANSWERS,
        "report/result-{disposition}": results,
        "report/change-{each.decided.change}": CHANGES_TOLD,
        "report/fact-{name}": ("name", "age", "episode", "since", "usual", "own"),
        "report/check-{name}": ("day", "pain", "enjoyment", "activity", "own"),
        "report/move-{name}": ("week", "trained", "active", "minutes", "steps"),
        "report/exercise-{name}": ("name", "level", "dose", "last"),
        "report/changed-{name}": ("day", "exercise", "what", "why"),
    }
    stems = {pattern: pattern.partition("{")[0] for pattern in built}
    return {
        **{pattern: tuple(stems[pattern] + name for name in names) for pattern, names in built.items()},
        "tag/{tag}": tuple(f"tag/{tag}" for tag in library.tags),
        "limits/move/{rest}": (),  # labels of LABELS
        "limits/is-{kind}": tuple(f"limits/is-{kind}" for kind in ("not", "most", "only")),
        "limits/ask-{kind}": ("limits/ask-not", "limits/ask-only"),
        "exercise/{exercise}/{form}": (),  # names of exercises and forms, collected above
        "screening/clear/{line.item}": (),  # asked for by the content itself
        "changes/becomes-{becomes}": (),  # asked for by the content itself
        "age/{known.age}": tuple(f"age/{band.value}" for band in AgeBand),
        "episode/{known.episode}": tuple(f"episode/{episode.value}" for episode in Episode),
        "exercise/{each.decided.exercise}/name": tuple(f"exercise/{e}/name" for e in library.exercises),
        "exercise/{exercise}/level-{place.level}/name": (),  # levels of exercises, collected above
        "why/{each.decided.rule}": (),  # rules, collected above
    }


def _test_patterns(library: Library) -> dict[str, tuple[str, ...]]:
    """What members measure of themselves."""
    stems = tuple(f"selftest/{test.id}" for test in library.selftests.tests)
    names, shorts = (tuple(f"{stem}/{what}" for stem in stems) for what in ("name", "short"))
    units = tuple(sorted({test.unit.value for test in library.selftests.tests}))
    return {
        "selftest/ask-{item.unit}": tuple(f"selftest/ask-{unit}" for unit in units),
        "selftest/{item.test}/name": names,
        "selftest/{item.test}/how": tuple(f"{stem}/how" for stem in stems),
        "selftest/{lagging}/name": names,
        "selftest/{axis.test}/short": shorts,
        "charts/stability-{unit}": tuple(f"charts/stability-{unit}" for unit in units),
        "exercise/{item.exercise}/level-{item.level}/name": (),  # levels of exercises, collected above
    }


def _labels_of(labels: str, options: type[StrEnum]) -> tuple[str, ...]:
    return tuple(f"{labels}/{option.value}" for option in options)


def _levels(top: int) -> range:
    return range(1, top + 1)


def _reasons(library: Library) -> set[str]:
    """All a member or `rules` may be told; `planning` takes the exact one where there is one."""
    rules = {*library.thresholds.rules, *CAUSES, *PLANNED_RULES}
    return {f"reason/{rule}" for rule in rules} | reason_ids()


def _alts() -> set[str]:
    """Pictures that belong to no exercise; those of exercises are asked for by the content itself."""
    return {"picture/welcome/alt", "picture/where/alt"}


def collect(library: Library) -> Needs:
    """What the catalogs must hold. Raises AssertionError when the source builds a key in a way not known here."""
    found, patterns = read_sources(STATIC), _patterns(library)
    _all_known("text", {key for key, _ in found.calls if "{" in key}, patterns)
    _all_known("opaque key", found.opaque, OPAQUE)
    _all_known("labels", found.labels, {*LABELS, *LABELS_BUILT})
    _all_known("done", {key for key in found.done if "{" in key}, {*DONE_BUILT, "{stem}/done"})
    asked = [(key, slots) for called, slots in found.calls for key in patterns.get(called, (called,))]
    asked += [(key, frozenset(slots)) for key, slots in ANSWERED.items()]
    asked += [(key, frozenset[str]()) for keys in OPAQUE.values() for key in keys]
    done = {key for called in found.done for key in DONE_BUILT.get(called, (called,)) if "{" not in key}
    done |= {f"exercise/{exercise}/done" for exercise in library.exercises} | {"answered"}
    asked += [(key, frozenset({"answer"})) for key in done]
    buttons = _buttons(found, library)
    slots = _slots(asked) | {key: Slots(may=REASON_SLOTS) for key in _reasons(library)}
    slots |= {key: Slots(may=TOPIC_SLOTS) for topic in library.topics.topics for key in topic.text_ids()}
    keys = {key for key, _ in asked} | buttons | _reasons(library) | _alts() | library.text_ids()
    return Needs(
        keys=frozenset(keys),
        complete=True,
        slots=slots,
        buttons=frozenset(buttons),
        plurals=frozenset(key for key, given in slots.items() if "count" in given.must),
    )


def _all_known(what: str, found: set[str], known: Iterable[str]) -> None:
    unknown = found - set(known)
    assert not unknown, f"{what}: tests/unit/content/needed_keys.py does not know {sorted(unknown)}"


def _buttons(found: Collected, library: Library) -> set[str]:
    labels = {f"{labels}/{option.value}" for labels, options in LABELS.items() for option in options}
    listed = {f"screening/short/{item.id}" for item in library.screening.items if item.list is not None}
    beside = {link for topic in library.topics.topics for link in topic.links}
    links = {f"link/{link}" for link in {*found.links, *LINKS, *beside}}
    older = {f"tag/{band.value}" for band in AgeBand if band not in {AgeBand.UNDER_18, AgeBand.FROM_18}}
    tags = {f"tag/{tag}" for tag in library.tags} | older
    things = {f"portion/thing/{thing.value}" for thing in Equipment if thing not in HOUSEHOLD}
    return (
        labels
        | listed
        | links
        | tags
        | {key for name, options in SWITCHES.items() for key in _labels_of(f"settings/{name}-reply", options)}
        | {f"support/{each}" for each in SUPPORT}
        | {"exercises/other-button", "exercises/take"}
        | {f"exercise/{each}/name" for each in library.exercises}
        | things
        | {"button/done", "button/skip", "button/later", "button/back"}
        | {"tag/none", "screening/short/none", "portion/thing/none", "kind/none", "portion/place-reply/none"}
        | {"limits/move/none", "exercise/none"}
    )


def _slots(asked: list[tuple[str, frozenset[str]]]) -> dict[str, Slots]:
    """Asked in several places, a text must use what all of them fill and may use what any of them fills."""
    slots: dict[str, Slots] = {}
    for key, given in asked:
        before = slots.get(key)
        slots[key] = Slots(given, given) if before is None else Slots(before.must & given, before.may | given)
    return slots
