"""The report for a practice: what was screened, how pain and everyday life went, what is trained, what helps now. Pure.

    report_of(draft)        # values and finished words as JSON, for `pictures.report_values`

Only what serves the talk in a practice stands in it: no mood answers, no rounds, no chat. What the person wants to talk
about comes first. Numbers are told by the member; the report says so and is no finding.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, Final

from bot.coach.records import MOVES, Change
from bot.coach.screening import Answer
from bot.dialogue.beside import planned_as
from bot.dialogue.charts import pain_picture
from bot.dialogue.dates import date_text
from bot.dialogue.explaining import reviewed_text
from bot.dialogue.facts import ROTATE, START
from bot.dialogue.flows.portion_person import OWN_CHIPS
from bot.dialogue.flows.portion_place import PLACE_LABELS
from bot.dialogue.flows.session_start import dose_text
from bot.dialogue.history import history_of, in_turn
from bot.dialogue.markup import plain
from bot.dialogue.own_words import as_words
from bot.dialogue.progress import total, week_done
from bot.dialogue.quoting import activity, quoted
from bot.dialogue.text import Joined, Number, Param, Text, text
from bot.dialogue.turn import UNSEALED, Draft

WEEKS: Final = 6  # rows of the tables that count weeks
_MOST_FLAGS, _MOST_EXERCISES, _MOST_CHANGES, _MOST_FLARES = 8, 14, 6, 6
_RULED: Final = 3
_ONE_FLARE: Final = 3  # days without one between two days of the same flare-up
TOLD_ANSWERS: Final = (Answer.YES.value, Answer.UNSURE.value, Answer.KNOWN.value)
CHANGES_TOLD: Final = tuple(sorted({*(change.value for change in MOVES), Change.REST.value, START, ROTATE}))


def report_of(draft: Draft) -> str:
    """Everything as JSON; `pictures.report_values.Report` reads it."""
    known = draft.member.known
    today = draft.moment.day
    values = {
        "language": draft.member.language,
        "made_on": today.isoformat(),
        "title": _say(draft, text("report/title")),
        "subtitle": _say(draft, text("report/subtitle", day=date_text(today), year=today.year)),
        "facts": list(_facts(draft)),
        "first": [_wish(draft), _screening(draft), _pain(draft)],
        "second": [
            _everyday(draft),
            _weeks(draft),
            _flares(draft),
            _exercises(draft),
            *([_changes(draft)] if known.decisions else []),
        ],
        "foot": _say(draft, _foot(draft)),
        "page_words": [_say(draft, text("report/page", number=number)) for number in (1, 2)],
    }
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _foot(draft: Draft) -> Text:
    library = draft.kit.library
    return text("report/foot", version=library.thresholds.version, reviewed=reviewed_text(library))


def _facts(draft: Draft) -> Iterator[dict[str, str]]:
    known, about = draft.member.known, draft.member.known.about
    yield _fact(draft, "name", quoted(draft, about.name) or text("report/blank"))
    yield _fact(draft, "age", Text(f"age/{known.age}") if known.age else text("report/unknown"))
    yield _fact(draft, "episode", Text(f"episode/{known.episode}") if known.episode else text("report/unknown"))
    yield _fact(draft, "since", _day(known.since) if known.since else text("report/not-begun"))
    usual = text("report/unknown") if about.average is None else text("report/of-ten", value=about.average)
    yield _fact(draft, "usual", usual)
    yield _fact(draft, "own", as_words(OWN_CHIPS, activity(draft, about.own)) if about.own else text("report/unknown"))


def _wish(draft: Draft) -> dict[str, Any]:
    """Own words if there are some, and lines to write on by hand either way."""
    about = draft.member.known.about
    concern = about.concern if about.concern_in == UNSEALED else quoted(draft, about.concern)
    lines = [concern] if concern else []
    return _block(draft, text("report/wish"), lines, ruled=_RULED - len(lines))


def _screening(draft: Draft) -> dict[str, Any]:
    known = draft.member.known
    if known.screened_on is None:
        return _block(draft, text("report/screening"), [_say(draft, text("report/not-screened"))])
    told = [(item, answer) for item, answer in known.answers if answer in TOLD_ANSWERS]
    shown = told[:_MOST_FLAGS]
    lines = [_say(draft, text("report/screened", day=_day(known.screened_on), result=_result(draft)))]
    lines += [
        _say(draft, text("report/flag", what=Text(f"screening/{item}"), answer=Text(f"report/answer-{answer}")))
        for item, answer in shown
    ]
    lines.append(_say(draft, _others(len(told) - len(shown), none=not told)))
    tags = sorted(known.tags or ())
    if tags:
        names = Joined(tuple(Text(f"tag/{tag}") for tag in tags), ", ")
        lines.append(_say(draft, text("report/minded", tags=names)))
    return _block(draft, text("report/screening"), lines)


def _others(left: int, *, none: bool) -> Text:
    if left:
        return text("report/more", count=left)
    return text("report/all-no") if none else text("report/rest-no")


def _result(draft: Draft) -> Text:
    known = draft.member.known
    disposition = known.lock.disposition if known.lock is not None else known.disposition
    return Text(f"report/result-{disposition}") if disposition else text("report/result-open")


def _pain(draft: Draft) -> dict[str, Any]:
    picture = pain_picture(draft)
    places = tuple(Text(f"{PLACE_LABELS}/{spot}") for spot in draft.member.known.about.places)
    where = [_say(draft, text("report/places", places=Joined(places, ", ")))] if places else []
    if picture is None:
        return _block(draft, text("report/pain"), [*where, _say(draft, text("report/no-pain"))])
    chart = json.loads(picture.own) | {"title": _say(draft, text("report/chart"))}
    return {**_block(draft, text("report/pain"), [*where, picture.alt]), "chart": chart, "chart_alt": picture.alt}


def _everyday(draft: Draft) -> dict[str, Any]:
    """The weekly check: pain, enjoyment and everyday life 0 (good) to 10, the own activity 0 to 10 (goes well)."""
    weeks = draft.member.known.weeks[-WEEKS:]
    if not weeks:
        return _block(draft, text("report/everyday"), [_say(draft, text("report/no-check"))])
    rows = [
        [
            _say(draft, _day(week.day)),
            *(_number(draft, value) for value in (week.pain, week.enjoyment, week.activity, week.own)),
        ]
        for week in weeks
    ]
    head = [_say(draft, Text(f"report/check-{name}")) for name in ("day", "pain", "enjoyment", "activity", "own")]
    return _block(draft, text("report/everyday"), [], table=_table(head, rows, (0.22, 0.17, 0.2, 0.2, 0.21)))


def _weeks(draft: Draft) -> dict[str, Any]:
    """Active days and minutes; a week without either is left out, since nothing is known of it."""
    today, known, library = draft.moment.day, draft.member.known, draft.kit.library
    rows = []
    for back in range(WEEKS - 1, -1, -1):
        days = week_done(known, library, today - timedelta(weeks=back))
        done = total(days)
        if done.days:
            steps = sum(day.steps for day in days)
            rows.append(
                [
                    _say(draft, text("report/week-of", day=date_text(days[0].day))),
                    str(sum(day.trained for day in days)),
                    str(done.days),
                    str(done.minutes),
                    str(steps) if steps else "–",
                ]
            )
    if not rows:
        return _block(draft, text("report/movement"), [_say(draft, text("report/no-movement"))])
    head = [_say(draft, Text(f"report/move-{name}")) for name in ("week", "trained", "active", "minutes", "steps")]
    return _block(draft, text("report/movement"), [], table=_table(head, rows, (0.26, 0.2, 0.18, 0.18, 0.18)))


def _flares(draft: Draft) -> dict[str, Any]:
    """The first days of flare-ups, by the gate or by the member's own word, as far as days are kept."""
    history = history_of(draft.member.known, draft.kit.library)
    starts = list(_first_days(record.day for record in history.days if record.flaring))[-_MOST_FLARES:]
    if not starts:
        return _block(draft, text("report/flares"), [_say(draft, text("report/no-flare"))])
    days = Joined(tuple(date_text(date.fromordinal(day)) for day in starts), ", ")
    return _block(draft, text("report/flares"), [_say(draft, text("report/flare-days", days=days))])


def _first_days(days: Iterable[int]) -> Iterator[int]:
    last: int | None = None
    for day in days:
        if last is None or day - last > _ONE_FLARE:
            yield day
        last = day


def _exercises(draft: Draft) -> dict[str, Any]:
    known, library = draft.member.known, draft.kit.library
    latest = {done.exercise: memo.day for memo in known.sessions for done in memo.exercises if done.done}
    rows = [
        [
            _say(draft, Text(f"exercise/{exercise}/level-{place.level}/name")),
            f"{place.level} / {library.exercises[exercise].top_level}",
            _say(draft, dose_text(planned_as(exercise, place, library))),
            _say(draft, _day(latest[exercise])) if exercise in latest else "–",
        ]
        for exercise, place in in_turn(known).items()
        if exercise in library.exercises
    ]
    if not rows:
        return _block(draft, text("report/exercises"), [_say(draft, text("report/no-exercise"))])
    head = [_say(draft, Text(f"report/exercise-{name}")) for name in ("name", "level", "dose", "last")]
    lines = list(_left_out(draft))
    if len(rows) > _MOST_EXERCISES:
        lines.append(_say(draft, text("report/more-exercises", count=len(rows) - _MOST_EXERCISES)))
    table = _table(head, rows[-_MOST_EXERCISES:], (0.38, 0.12, 0.32, 0.18))
    return _block(draft, text("report/exercises"), lines, table=table)


def _left_out(draft: Draft) -> Iterator[str]:
    """What the member does not want, by name."""
    vetoes = [veto.exercise for veto in draft.member.known.vetoes if veto.exercise in draft.kit.library.exercises]
    if vetoes:
        names = Joined(tuple(Text(f"exercise/{exercise}/name") for exercise in vetoes), ", ")
        yield _say(draft, text("report/unwanted", names=names))


def _changes(draft: Draft) -> dict[str, Any]:
    made = [each for each in draft.member.known.decisions if each.decided.change in CHANGES_TOLD]
    rows = [
        [
            _say(draft, _day(each.day)),
            _say(draft, Text(f"exercise/{each.decided.exercise}/name")),
            _say(draft, Text(f"report/change-{each.decided.change}")),
            _say(draft, Text(f"why/{each.decided.rule}")),
        ]
        for each in made[-_MOST_CHANGES:]
        if each.decided.exercise in draft.kit.library.exercises
    ]
    if not rows:
        return _block(draft, text("report/changes"), [_say(draft, text("report/no-change"))])
    head = [_say(draft, Text(f"report/changed-{name}")) for name in ("day", "exercise", "what", "why")]
    return _block(draft, text("report/changes"), [], table=_table(head, rows, (0.14, 0.22, 0.2, 0.44)))


def _fact(draft: Draft, name: str, value: Param) -> dict[str, str]:
    return {"label": _say(draft, Text(f"report/fact-{name}")), "value": _say(draft, value)}


def _block(
    draft: Draft, title: Text, lines: list[str], *, ruled: int = 0, table: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {"title": _say(draft, title), "lines": lines, "ruled": ruled, "table": table}


def _table(head: list[str], rows: list[list[str]], widths: tuple[float, ...]) -> dict[str, Any]:
    return {"head": head, "rows": rows, "widths": widths}


def _number(draft: Draft, value: int | None) -> str:
    return "–" if value is None else _say(draft, Number(str(value)))


def _day(iso: str) -> Text:
    day = date.fromisoformat(iso)
    return text("report/day", day=date_text(day), year=day.year)


def _say(draft: Draft, what: Param) -> str:
    """On paper there is no markup."""
    return plain(draft.words(what))
