"""A double of Telegram's Bot API on a loopback socket, judged by others' code. Nothing here imports the coach."""

from tests.botapi.double import TOKEN, BotApi
from tests.botapi.faults import Fault
from tests.botapi.groups import Group
from tests.botapi.limits import Limits, Rate
from tests.botapi.people import Person, Tap
from tests.botapi.server import Request
from tests.botapi.views import Button, Media, Message

__all__ = [
    "TOKEN",
    "BotApi",
    "Button",
    "Fault",
    "Group",
    "Limits",
    "Media",
    "Message",
    "Person",
    "Rate",
    "Request",
    "Tap",
]
