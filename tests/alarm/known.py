"""The alarm as it is shipped, read and built once for all tests of it."""

from bot.coach.alarm import AlarmDetector
from bot.library.alarm_content import read_alarm_content
from tests.alarm.corpus import CONTENT
from tests.shipped import kitted

KNOWN = read_alarm_content(CONTENT)
DETECTOR = kitted().detector
RULES = AlarmDetector(KNOWN.phrases, KNOWN.senses)  # without the model
