"""The alarm as it is shipped, read and built once for all tests of it."""

from functools import lru_cache

from bot.coach.alarm import Alarm, AlarmDetector
from bot.coach.alarm_model import Opinion
from bot.library.alarm_content import AlarmContent, read_alarm_content
from tests.alarm.corpus import CONTENT

_MOST = 100_000  # texts: more than all that are judged


class _Remembering(AlarmDetector):
    """Hears each text once, whoever asks: the tables ask for what the rules alone say, too."""

    def __init__(self, content: AlarmContent) -> None:
        super().__init__(*content)
        self._opinions = lru_cache(_MOST)(super().opinion)

    def opinion(self, text: str) -> tuple[Alarm, Opinion | None]:
        return self._opinions(text)


class _Rules(AlarmDetector):
    """Without the model: the rules as the whole detector has heard them."""

    def __init__(self, whole: AlarmDetector) -> None:
        self._whole = whole
        self._model = None

    def opinion(self, text: str) -> tuple[Alarm, Opinion | None]:
        return self._whole.opinion(text)[0], None


KNOWN = read_alarm_content(CONTENT)
DETECTOR = _Remembering(KNOWN)
RULES = _Rules(DETECTOR)
