"""A round's pictures: how far all have come together, never while no sum may be told; and the way in, as a code."""

import json

from bot.dialogue.doors import Doors
from bot.dialogue.messages import Picture
from bot.dialogue.round_questions import name_text
from bot.dialogue.rounds import RoundView
from bot.dialogue.text import Text, render, text
from bot.library.catalog import Catalog


def way_picture(view: RoundView, week: int, catalog: Catalog) -> Picture | None:
    """`week`: the one that is over; the last one makes it the closing picture. It holds sums, nobody's own."""
    score, plan = view.score, view.plan
    if not score.is_told:
        return None
    name, goal = name_text(view.name), text("round/picture-goal", goal=plan.goal)
    over = text("round/picture-week", week=week, weeks=plan.weeks)
    if week >= plan.weeks:
        over = text("round/picture-all", count=plan.weeks)
    unit = Text("round/picture-unit")
    values = {
        "title": render(name, catalog),
        "subtitle": render(over, catalog),
        "total": str(score.total),
        "unit": render(unit, catalog),
        "goal": render(goal, catalog),
        "reached": min(1.0, score.total / plan.goal) if plan.goal else 1.0,
        "weeks": plan.weeks,
        "weeks_over": min(week, plan.weeks),
    }
    alt = render(text("round/picture-alt", name=name, over=over, total=score.total, unit=unit, goal=goal), catalog)
    own = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return Picture(figure="chart-round", alt=alt, own=own)


def join_picture(name: str, code: str, catalog: Catalog, doors: Doors) -> Picture:
    """`code`: a start code. A channel that can be joined by a link puts its own in place of this one."""
    title = name_text(name)
    beside, there = catalog.text("round/join-type"), catalog.text("round/join-type-there")
    values = {
        "title": render(title, catalog),
        "subtitle": catalog.text("round/join-subtitle"),
        "link": doors.link(code),
        "how": catalog.text("round/join-how").split("\n"),
        "code_label": there if doors.web else beside,
        "by_link": beside,
        "by_chat": there,
        "code": code,
    }
    own = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return Picture(figure="chart-join", alt=render(text("round/join-alt", name=title, code=code), catalog), own=own)
