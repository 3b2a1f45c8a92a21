"""By which ways people come to this coach: what a member passes on is true for friends on every platform it is on."""

from bot.dialogue.doors import Doors
from bot.settings import Settings
from bot.store.store import Store

OTHER_BOT = "the account"  # under which is kept which bot it is


async def bot_name(store: Store) -> str:
    """The bot's user name, for links; empty before it was first opened."""
    return await store.position("telegram", OTHER_BOT, "name") or ""


async def doors_of(settings: Settings, store: Store) -> Doors:
    """As the settings have them. A worker of its own opens no channel: the bot's name is what Telegram last told."""
    return Doors(
        telegram=await bot_name(store) if settings.telegram_token is not None else "",
        matrix=settings.matrix_user or "" if settings.has_matrix else "",
        web=settings.web_origin or "" if settings.serves_web else "",
    )
