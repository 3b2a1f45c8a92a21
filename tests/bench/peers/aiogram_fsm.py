"""aiogram: a dispatcher with states in memory, by polling. `python -m tests.bench.peers.aiogram_fsm`."""

import asyncio
import html
import os
from typing import Final

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.filters import CommandStart, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from tests.bench.peers.questions import AGAIN, DONE, ITEMS, TIDY, UNCLEAR, WELCOME


class Evening(StatesGroup):
    pain = State()
    worst = State()
    effort = State()
    quality = State()
    sleep = State()
    walk = State()
    comment = State()


STATES: Final = (
    Evening.pain, Evening.worst, Evening.effort, Evening.quality, Evening.sleep, Evening.walk, Evening.comment,
)  # fmt: skip
KEYBOARDS: Final = [
    InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=o, callback_data=f"{item.key}.{o}") for o in row] for row in item.rows
        ]
    )
    for item in ITEMS
]
FINISHED: Final = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text=AGAIN, callback_data="again")]])
evening = Router()


@evening.message(CommandStart())
async def start(message: Message, state: FSMContext) -> None:
    await state.clear()
    await state.set_state(Evening.pain)
    sent = await message.answer(f"{WELCOME}\n\n{ITEMS[0].text}", reply_markup=KEYBOARDS[0])
    await state.update_data(card=sent.message_id)


async def taken(place: int, value: str, state: FSMContext) -> tuple[str, InlineKeyboardMarkup]:
    """Keeps the answer; what comes next."""
    await state.update_data({ITEMS[place].key: value})
    if place + 1 == len(ITEMS):
        await state.set_state(None)
        return DONE, FINISHED
    await state.set_state(STATES[place + 1])
    return ITEMS[place + 1].text, KEYBOARDS[place + 1]


def asking(place: int) -> None:
    item = ITEMS[place]

    @evening.message(StateFilter(STATES[place]), F.text)
    async def typed(message: Message, state: FSMContext) -> None:
        value = (message.text or "").strip().lower()
        if value not in item.options and item.key != "comment":
            await message.answer(f"{UNCLEAR}\n\n{item.text}", reply_markup=KEYBOARDS[place])
            return
        text, keyboard = await taken(place, value, state)
        if TIDY and message.bot is not None:
            card = await state.get_value("card")
            await message.bot.edit_message_text(item.line(html.escape(value)), chat_id=message.chat.id, message_id=card)
        sent = await message.answer(text, reply_markup=keyboard)
        await state.update_data(card=sent.message_id)

    @evening.callback_query(StateFilter(STATES[place]), F.data.startswith(f"{item.key}."))
    async def tapped(query: CallbackQuery, state: FSMContext) -> None:
        await query.answer()
        text, keyboard = await taken(place, (query.data or "").partition(".")[2], state)
        if isinstance(query.message, Message):
            await query.message.edit_text(text, reply_markup=keyboard)


async def main() -> None:
    for place in range(len(ITEMS)):
        asking(place)
    session = AiohttpSession(api=TelegramAPIServer.from_base(os.environ["API_URL"]))
    bot = Bot(os.environ["BOT_TOKEN"], session=session, default=DefaultBotProperties(parse_mode=ParseMode.HTML))
    dispatcher = Dispatcher(storage=MemoryStorage())
    dispatcher.include_router(evening)
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main())
