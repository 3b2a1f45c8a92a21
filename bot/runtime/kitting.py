"""What every turn looks things up in, read once at start: content, catalogs, alarm phrases, operator."""

from dataclasses import dataclass, replace
from pathlib import Path

from bot.channels.emergency import is_emergency_command
from bot.coach.alarm import AlarmDetector
from bot.coach.allowing import Exercises
from bot.dialogue.commanding import emergency_card
from bot.dialogue.doors import Doors
from bot.dialogue.everyday import TopicFinder
from bot.dialogue.kit import AllWords, Kit, Operator, numbers_of
from bot.library.alarm_content import read_alarm_content
from bot.library.catalog import Catalog, read_catalogs
from bot.library.compile import find_content
from bot.library.load import load_library
from bot.settings import Settings

BETWEEN = "\n\n———\n\n"  # two languages in one message


@dataclass(frozen=True, slots=True, kw_only=True)
class Kitted:
    """`root`: where the content lies."""

    kit: Kit
    detector: AlarmDetector
    root: Path

    def with_doors(self, doors: Doors) -> "Kitted":
        """The same once the channels are open: only then all their names are known."""
        return replace(self, kit=replace(self.kit, operator=replace(self.kit.operator, doors=doors)))

    def calls_for_help(self, text: str) -> bool:
        """What is answered even if nothing can be stored: /notfall and sure alarm words."""
        return is_emergency_command(text) or self.detector.is_sure_emergency(text)

    def static_help(self, language: str) -> str:
        """The text of /notfall, without any database.

        Where the language is unknown, as always on Matrix, it stands there in each, the operator's first: nobody in
        need has to guess what it says.
        """
        numbers = numbers_of(self.kit)
        known, own = language[:2].lower(), self.kit.operator.language
        catalogs = self.kit.catalogs
        wanted = [known] if known in catalogs else sorted(catalogs, key=lambda each: (each != own, each))
        cards = [emergency_card(catalogs[each], numbers.emergency, numbers.doctor, numbers.crisis) for each in wanted]
        return BETWEEN.join(cards)


def read_kit(settings: Settings) -> Kitted:
    """Read and validate all content. Raises `ContentError` naming file, field and reason."""
    root = settings.content or find_content()
    catalogs: dict[str, Catalog] = read_catalogs(root / "locales")
    library = load_library(root)
    kit = Kit(
        library=library,
        catalogs=catalogs,
        operator=operator_of(settings),
        words=AllWords(catalogs),
        topics=TopicFinder(library.topics),
        exercises=Exercises(settings.exercises),
    )
    return Kitted(kit=kit, detector=AlarmDetector(*read_alarm_content(root / "alarm")), root=root)


def operator_of(settings: Settings) -> Operator:
    """Whose coach this is; the local demo has no name."""
    return Operator(
        name=settings.operator_name or "",
        contact=settings.operator_contact or "–",
        place=settings.data_place or "",
        months=settings.retention_months,
        privacy_url=settings.privacy_url,
        country=settings.country,
        language=settings.default_locale,
        zone=settings.default_timezone,
        signup=settings.signup,
        signup_code=settings.signup_code.get_secret_value() if settings.signup_code else "",
        steps_address=f"{settings.web_origin.rstrip('/')}/steps" if settings.web_origin else "",
        demo=settings.operator_name is None,  # only the local demo may be nameless; a worker alone knows of no channel
    )
