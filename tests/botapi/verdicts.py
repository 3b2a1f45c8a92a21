"""Verdicts by others' code: aiogram's models, teremok's rules, telethon's HTML, Pillow and PyAV.

Importing this costs a second (aiogram): only a double that judges does it, once, behind `models`.
"""

import io
from typing import Any, Final

import aiogram.methods
import av
from aiogram import Bot
from aiogram.methods import TelegramMethod
from aiogram.types import BufferedInputFile, InlineKeyboardMarkup, Update
from PIL import Image
from pydantic import ValidationError
from telethon.extensions import html as telethon_html
from teremok.validation import MAX_CAPTION, ApiRuleViolation, validate_html, validate_markdown, validate_method

from tests.botapi.judge import Frame
from tests.botapi.wire import Call, Wire, bad_request

MODELS: Final[dict[str, type[TelegramMethod[Any]]]] = {
    found.__api_method__: found
    for found in vars(aiogram.methods).values()
    if isinstance(found, type) and issubclass(found, TelegramMethod) and isinstance(found.__api_method__, str)
}
RULES_BOT: Final = Bot("1:" + "A" * 35)  # teremok wants one for its defaults; it never speaks
ENTITIES: Final = {
    "Bold": "bold",
    "Italic": "italic",
    "Underline": "underline",
    "Strike": "strikethrough",
    "Code": "code",
    "Pre": "pre",
    "TextUrl": "text_link",
    "Url": "url",
    "Email": "email",
    "Blockquote": "blockquote",
}
PHOTO_SIDES, PHOTO_RATIO = 10_000, 20  # "width and height must not exceed 10000 in total", "ratio at most 20"
MARKDOWN: Final = {"MARKDOWN": 1, "MARKDOWNV2": 2}


class Verdicts:
    def request(self, call: Call) -> None:
        model = self._parsed(call)
        try:
            self._rules(model)
        except ApiRuleViolation as broken:
            bad_request(broken.description.removeprefix("Bad Request: "))

    def _parsed(self, call: Call) -> TelegramMethod[Any]:
        model = MODELS[call.method]
        uploads = {k: BufferedInputFile(f.data, f.name) for k, f in call.files.items() if k in model.model_fields}
        for name in call.params:
            if name not in model.model_fields:
                bad_request(f"unexpected parameter {name!r}")
        try:
            return model.model_validate(call.params | uploads)
        except ValidationError as error:
            wrong = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:3])
            bad_request("; ".join(wrong))

    def _rules(self, model: TelegramMethod[Any]) -> None:
        """The rules count what is left after the markup is parsed, so they are shown that."""
        changes: Wire = {}
        for name, entities in (("text", "entities"), ("caption", "caption_entities")):
            source = getattr(model, name, None)
            mode = getattr(model, "parse_mode", None)
            if isinstance(source, str) and isinstance(mode, str) and not getattr(model, entities, None):
                changes |= {name: self.text(source, mode, None)[0], "parse_mode": None}
        validate_method(RULES_BOT, model.model_copy(update=changes))
        media = getattr(model, "media", None)
        for item in media if isinstance(media, list) else [media]:
            self._caption_of(item)
        markup = getattr(model, "reply_markup", None)
        if isinstance(markup, InlineKeyboardMarkup):
            self._labels(markup)

    def _caption_of(self, item: object) -> None:
        caption, mode = getattr(item, "caption", None), getattr(item, "parse_mode", None)
        if isinstance(caption, str):
            visible, _ = self.text(caption, mode if isinstance(mode, str) else None, None)
            if len(visible.encode("utf-16-le")) // 2 > MAX_CAPTION:
                bad_request("media caption is too long")

    def _labels(self, markup: InlineKeyboardMarkup) -> None:
        buttons = [button for row in markup.inline_keyboard for button in row]
        if any(not button.text.strip() for button in buttons):
            bad_request("can't parse inline keyboard button: text must be non-empty")
        if len(buttons) > 100:
            bad_request("reply markup is too long")

    def text(self, source: str, parse_mode: str | None, entities: list[Wire] | None) -> tuple[str, list[Wire]]:
        if entities or not parse_mode:
            return source.strip(), entities or []
        mode = parse_mode.upper()
        try:
            if mode == "HTML":
                validate_html(source)
            elif mode in MARKDOWN:
                validate_markdown(source, MARKDOWN[mode])
                return source.strip(), []
            else:
                bad_request("unsupported parse_mode")
        except ApiRuleViolation as broken:
            bad_request(broken.description.removeprefix("Bad Request: "))
        visible, found = telethon_html.parse(source)
        return visible, [entity for one in found for entity in _entity(one)]

    def photo(self, data: bytes) -> Frame:
        try:
            with Image.open(io.BytesIO(data)) as image:
                image.load()
                width, height = image.size
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            bad_request("IMAGE_PROCESS_FAILED")
        if width + height > PHOTO_SIDES or max(width / height, height / width) > PHOTO_RATIO:
            bad_request("PHOTO_INVALID_DIMENSIONS")
        return Frame(width, height)

    def film(self, data: bytes) -> Frame:
        try:
            with av.open(io.BytesIO(data), "r") as film:
                stream = film.streams.video[0]
                next(film.decode(stream))  # the header alone may lie
                seconds = round((film.duration or 0) / av.time_base)
                return Frame(stream.width, stream.height, seconds, silent=not film.streams.audio)
        except (av.error.FFmpegError, StopIteration, IndexError):
            bad_request("VIDEO_CONTENT_TYPE_INVALID")

    def update(self, update: Wire) -> None:
        Update.model_validate(update)


def _entity(found: Any) -> list[Wire]:
    kind = ENTITIES.get(type(found).__name__.removeprefix("MessageEntity"))
    if kind is None or not found.length:
        return []
    entity = {"type": kind, "offset": found.offset, "length": found.length}
    if getattr(found, "url", None):
        entity["url"] = found.url
    if getattr(found, "collapsed", None):
        entity["type"] = "expandable_blockquote"
    if getattr(found, "language", None):
        entity["language"] = found.language
    return [entity]
