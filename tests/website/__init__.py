"""The web chat on a loopback socket, with an inbox in memory and a coach played by the test."""

from tests.website.coach import ScriptedCoach
from tests.website.inbox import Inbox, said
from tests.website.page import Page
from tests.website.pictures import DrawnPictures
from tests.website.site import EMERGENCY, WebSite

__all__ = ["EMERGENCY", "DrawnPictures", "Inbox", "Page", "ScriptedCoach", "WebSite", "said"]
