"""python-telegram-bot: ConversationHandler with PicklePersistence, by polling. `python -m tests.bench.peers.ptb`."""

import html
import os
import warnings
from typing import Any, Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ParseMode
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    Defaults,
    MessageHandler,
    PicklePersistence,
    filters,
)
from telegram.warnings import PTBUserWarning

from tests.bench.peers.questions import AGAIN, DONE, ITEMS, TIDY, UNCLEAR, WELCOME

KEYBOARDS: Final = [
    InlineKeyboardMarkup([[InlineKeyboardButton(o, callback_data=f"{item.key}.{o}") for o in row] for row in item.rows])
    for item in ITEMS
]
FINISHED: Final = InlineKeyboardMarkup([[InlineKeyboardButton(AGAIN, callback_data="again")]])


async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    assert update.message is not None
    context.user_data.clear()  # type: ignore[union-attr]  # a private chat has a user
    sent = await update.message.reply_text(f"{WELCOME}\n\n{ITEMS[0].text}", reply_markup=KEYBOARDS[0])
    context.user_data["card"] = sent.message_id  # type: ignore[index]  # see above
    return 0


def taken(state: int, value: str, context: ContextTypes.DEFAULT_TYPE) -> tuple[int, str, InlineKeyboardMarkup]:
    """Keeps the answer; what comes next."""
    context.user_data[ITEMS[state].key] = value  # type: ignore[index]  # see `start`
    if state + 1 == len(ITEMS):
        return ConversationHandler.END, DONE, FINISHED
    return state + 1, ITEMS[state + 1].text, KEYBOARDS[state + 1]


def asking(state: int) -> list[Any]:
    item = ITEMS[state]

    async def typed(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        assert update.message is not None
        value = (update.message.text or "").strip().lower()
        if value not in item.options and item.key != "comment":
            await update.message.reply_text(f"{UNCLEAR}\n\n{item.text}", reply_markup=KEYBOARDS[state])
            return state
        following, text, keyboard = taken(state, value, context)
        if TIDY:
            card = context.user_data["card"]  # type: ignore[index]  # see `start`
            await context.bot.edit_message_text(item.line(html.escape(value)), update.message.chat_id, card)
        sent = await update.message.reply_text(text, reply_markup=keyboard)
        context.user_data["card"] = sent.message_id  # type: ignore[index]  # see `start`
        return following

    async def tapped(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        query = update.callback_query
        assert query is not None
        await query.answer()
        following, text, keyboard = taken(state, (query.data or "").partition(".")[2], context)
        await query.edit_message_text(text, reply_markup=keyboard)
        return following

    return [
        MessageHandler(filters.TEXT & ~filters.COMMAND, typed),
        CallbackQueryHandler(tapped, pattern=rf"^{item.key}\."),
    ]


def main() -> None:
    warnings.filterwarnings("ignore", category=PTBUserWarning)  # it advises on mixing taps and texts; that is meant
    application = (
        Application.builder()
        .token(os.environ["BOT_TOKEN"])
        .base_url(f"{os.environ['API_URL']}/bot")
        .defaults(Defaults(parse_mode=ParseMode.HTML))
        .persistence(PicklePersistence(os.environ["STATE"]))
        .build()
    )
    application.add_handler(
        ConversationHandler(
            entry_points=[CommandHandler("start", start)],
            states={state: asking(state) for state in range(len(ITEMS))},
            fallbacks=[CommandHandler("start", start)],
            name="evening",
            persistent=True,
        )
    )
    application.run_polling()


if __name__ == "__main__":
    main()
