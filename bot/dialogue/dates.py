"""A day in words."""

from datetime import date

from bot.dialogue.text import Text, text


def date_text(day: date) -> Text:
    return text("charts/date", day=day.day, month=Text(f"charts/month-{day.month}"))
