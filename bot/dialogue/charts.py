"""A member's own pictures: their values and words, ready to be drawn.

    draft.send(words, picture=week_picture(draft))     # in a turn; the present week
    yield from say(text(...), picture=start.week)      # in a flow: made when the flow's start is made

`pain_picture` is None before the first pain number. Both are a `Picture` with figure "chart-pain" or "chart-week", alt
text built from the same values, and `own` set: no cache keeps them and no other member can be shown them.
"""

import json
from datetime import date
from typing import Any, Final

from bot.coach.selftest import Axis, axes_of, others_at
from bot.dialogue.history import results_of
from bot.dialogue.messages import Picture
from bot.dialogue.progress import DayDone, monday_of, pain_by_day, pain_by_week, total, week_done
from bot.dialogue.text import Joined, Number, Text, text
from bot.dialogue.turn import Draft
from bot.library.screening import AgeBand

_LEAST_WEEKS: Final = 12  # a first number stands at the beginning of a way, not alone
_TICK_WEEKS: Final = 2
_FEWEST_AXES: Final = 3
_MANY_WEEKS: Final = 14  # from here on fewer ticks, or they touch


def pain_picture(draft: Draft) -> Picture | None:
    """Pain over weeks beside the average course of the studies."""
    weeks = pain_by_week(draft.member.known)
    if not weeks:
        return None
    first = weeks[0][0]
    rules = draft.kit.library.thresholds.reference
    span = max(_LEAST_WEEKS, (weeks[-1][0] - first).days // 7 + 1)
    reference = text("charts/reference", start=_number(rules.pain_start / 10), end=_number(rules.pain_end / 10))
    values: dict[str, Any] = {
        "title": draft.words(text("charts/pain-title")),
        "subtitle": draft.words(text("charts/pain-subtitle")),
        "weeks": [
            {"at": _weeks_from(first, monday) + 0.5, "value": pain, "shown": draft.words(_number(pain))}
            for monday, pain in weeks
        ],
        "days": [{"at": _weeks_from(first, day), "value": pain} for day, pain in pain_by_day(draft.member.known)],
        "ticks": _ticks(draft, span),
        "span": span + 0.5,
        "days_label": draft.words(text("charts/days")),
        "reference": {
            "start": {"at": 0, "value": rules.pain_start / 10},
            "end": {"at": rules.weeks, "value": rules.pain_end / 10},
            "label": draft.words(reference),
        },
    }
    numbers = Joined(tuple(text("charts/one", value=_number(pain)) for _, pain in weeks), " · ")
    alt = draft.words(text("charts/pain-alt", values=numbers, reference=reference))
    return Picture(figure="chart-pain", alt=alt, own=_packed(values))


def week_picture(draft: Draft, day: date | None = None, *, walked: Text | None = None) -> Picture:
    """The week that holds `day`, today's if none is told; `walked`: minutes of its quota."""
    today = draft.moment.day
    shown = week_done(draft.member.known, draft.kit.library, day or today)
    summary = Joined((week_summary(shown), *((walked,) if walked is not None else ())), " · ")
    values = {
        "title": draft.words(text("charts/week-title", first=_date(shown[0].day), last=_date(shown[-1].day))),
        "summary": draft.words(summary),
        "pain_label": draft.words(text("charts/pain-label")),
        "legend": [draft.words(text("charts/trained")), draft.words(text("charts/moved"))],
        "days": [_day(draft, each, today) for each in shown],
    }
    told = tuple(_told(each) for each in shown if each.moved or each.pain is not None)
    alt = text("charts/week-alt", days=Joined(told, "; "), summary=summary) if told else text("charts/week-alt-empty")
    return Picture(figure="chart-week", alt=draft.words(alt), own=_packed(values))


def stability_picture(draft: Draft) -> Picture | None:
    """What the self-tests show; None with fewer than three directions, of which no picture can be made."""
    known, library = draft.member.known, draft.kit.library
    axes = axes_of(results_of(known), library)
    if len(axes) < _FEWEST_AXES:
        return None
    age = AgeBand(known.age) if known.age else None
    last = max(date.fromordinal(axis.latest.day) for axis in axes)
    values: dict[str, Any] = {
        "title": draft.words(text("charts/stability-title")),
        "subtitle": draft.words(text("charts/stability-subtitle", day=_date(last))),
        "axes": [
            {
                "label": draft.words(Text(f"selftest/{axis.test}/short")),
                "shown": draft.words(_measured(draft, axis)),
                "score": axis.score,
                "first": axis.first,
                "others": others_at(axis.test, age, library),
            }
            for axis in axes
        ],
    }
    if any(axis["first"] is not None for axis in values["axes"]):
        values["first_label"] = draft.words(text("charts/stability-first"))
    if any(axis["others"] is not None for axis in values["axes"]):
        values["others_label"] = draft.words(text("charts/stability-others"))
    told = (
        text("charts/stability-one", name=Text(f"selftest/{axis.test}/short"), value=_measured(draft, axis))
        for axis in axes
    )
    alt = draft.words(text("charts/stability-alt", values=Joined(tuple(told), "; ")))
    return Picture(figure="chart-stability", alt=alt, own=_packed(values))


def _measured(draft: Draft, axis: Axis) -> Text:
    test = draft.kit.library.selftests.get_test(axis.test)
    unit = test.unit.value if test is not None else "seconds"
    return text(f"charts/stability-{unit}", value=axis.latest.value, level=axis.latest.level)


def week_summary(days: tuple[DayDone, ...]) -> Text:
    """Active days and minutes, in one line."""
    done = total(days)
    return text(
        "charts/summary",
        days=text("charts/days-count", count=done.days),
        minutes=text("charts/minutes", n=done.minutes),
    )


def _day(draft: Draft, each: DayDone, today: date) -> dict[str, Any]:
    return {
        "label": draft.words(_weekday(each.day)),
        "state": "done" if each.trained else "moved" if each.moved else "open",
        "below": draft.words(text("charts/minutes-short", n=each.minutes)) if each.minutes else "",
        "pain": each.pain,
        "shown": "" if each.pain is None else draft.words(_short(each.pain)),
        "today": each.day == today,
    }


def _told(each: DayDone) -> Text:
    parts: list[Text] = []
    if each.moved:
        parts.append(text("charts/trained") if each.trained else text("charts/moved"))
    if each.minutes:
        parts.append(text("charts/minutes-short", n=each.minutes))
    if each.pain is not None:
        parts.append(text("charts/pain-number", value=_short(each.pain)))
    return text("charts/day-alt", day=_weekday(each.day), what=Joined(tuple(parts), ", "))


def _ticks(draft: Draft, span: int) -> list[dict[str, Any]]:
    step = _TICK_WEEKS if span <= _MANY_WEEKS else 2 * _TICK_WEEKS
    return [
        {"at": week, "label": draft.words(text("charts/start")) if week == 0 else str(week)}
        for week in range(0, span + 1, step)
    ]


def _weeks_from(first: date, day: date) -> float:
    return (day - monday_of(first)).days / 7


def _weekday(day: date) -> Text:
    return Text(f"charts/weekday-{day.isoweekday()}")


def _date(day: date) -> Text:
    return text("charts/date", day=day.day, month=Text(f"charts/month-{day.month}"))


def _number(value: float) -> Number:
    return Number(f"{value:.1f}")


def _short(value: float) -> Number:
    return Number(f"{round(value, 1):g}")


def _packed(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))
