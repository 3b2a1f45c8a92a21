"""The methods about the bot itself: who it is, its commands and descriptions, files, chats, updates and webhooks."""

import re
from collections.abc import Callable
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from tests.botapi.webhook import Webhook
from tests.botapi.wire import Call, Encoded, Wire, bad_request
from tests.botapi.world import World

COMMAND: Final = re.compile(r"[a-z0-9_]{1,32}")
SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")
LONGEST: Final = {"description": 512, "short_description": 120, "name": 64}
SCOPES_WITH_CHAT: Final = ("chat", "chat_administrators", "chat_member")


def get_me(world: World, call: Call) -> Wire:
    del call
    return world.bot


def _scope(world: World, call: Call) -> str:
    scope = call.params.get("scope") or {"type": "default"}
    if scope.get("type") in SCOPES_WITH_CHAT and scope.get("chat_id") not in world.chats:
        bad_request("chat not found")
    names = [str(scope[k]) for k in ("type", "chat_id", "user_id") if k in scope]
    return ":".join(names)


def set_commands(world: World, call: Call) -> bool:
    commands = call.need("commands")
    if len(commands) > 100:
        bad_request("BOT_COMMANDS_TOO_MUCH")
    for one in commands:
        if not COMMAND.fullmatch(one["command"]):
            bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(one["description"]) <= 256:
            bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.profile["commands", _scope(world, call), call.params.get("language_code", "")] = commands
    return True


def get_commands(world: World, call: Call) -> object:
    return world.profile.get(("commands", _scope(world, call), call.params.get("language_code", "")), [])


def delete_commands(world: World, call: Call) -> bool:
    world.profile.pop(("commands", _scope(world, call), call.params.get("language_code", "")), None)
    return True


def set_words(what: str, world: World, call: Call) -> bool:
    words = call.params.get(what) or ""
    if len(words) > LONGEST[what]:
        bad_request(f"{what} is too long")
    world.profile[what, "default", call.params.get("language_code", "")] = words
    return True


def get_words(what: str, world: World, call: Call) -> Wire:
    language = call.params.get("language_code", "")
    own = world.profile.get((what, "default", language))
    return {what: own or world.profile.get((what, "default", ""), "")}


def get_file(world: World, call: Call) -> Wire:
    return world.files.described(call.need("file_id"))


def get_chat(world: World, call: Call) -> Wire:
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    fixed: Wire = {"accent_color_id": 0, "max_reaction_count": 11}
    return world.chat(call).wire | fixed | {"accepted_gift_types": dict.fromkeys(gifts, True)}


def leave_chat(world: World, call: Call) -> bool:
    chat = world.writable(call)
    chat.refusal = f"bot is not a member of the {chat.wire['type']} chat"
    return True


async def get_updates(world: World, call: Call) -> Encoded:
    return await world.updates.poll(call.params)


async def set_webhook(world: World, call: Call) -> bool:
    url = call.params.get("url") or ""
    if not url:
        return await delete_webhook(world, call)
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
        bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = call.params.get("secret_token")
    if secret is not None and not SECRET.fullmatch(secret):
        bad_request("secret token contains unallowed characters")
    await _unhook(world, call)
    world.updates.allow(call.params)
    connections = min(max(call.params.get("max_connections", 40), 1), 100)
    world.webhook = Webhook(url, secret, connections, world.updates, world.retry_pause)
    return True


async def delete_webhook(world: World, call: Call) -> bool:
    await _unhook(world, call)
    return True


async def _unhook(world: World, call: Call) -> None:
    if call.params.get("drop_pending_updates"):
        world.updates.clear()
    if world.webhook is not None:
        await world.webhook.close()
        world.webhook = None


def webhook_info(world: World, call: Call) -> Wire:
    del call
    hook = world.webhook
    info: Wire = {"url": "", "has_custom_certificate": False, "pending_update_count": len(world.updates)}
    if world.updates.allowed:
        info["allowed_updates"] = world.updates.allowed
    if hook is not None:
        info |= {"url": hook.url, "max_connections": hook.connections, **hook.last_error}
    return info


def get_member(world: World, call: Call) -> Wire:
    status = "administrator" if call.need("user_id") in world.chat(call).admins else "member"
    return {"status": status, "user": {"id": call.need("user_id"), "is_bot": False, "first_name": "Member"}}


HANDLERS: Final[dict[str, Callable[[World, Call], object]]] = {
    "getMe": get_me,
    "setMyCommands": set_commands,
    "getMyCommands": get_commands,
    "deleteMyCommands": delete_commands,
    **{f"setMy{name}": partial(set_words, what) for name, what in (
        ("Description", "description"), ("ShortDescription", "short_description"), ("Name", "name"))},
    **{f"getMy{name}": partial(get_words, what) for name, what in (
        ("Description", "description"), ("ShortDescription", "short_description"), ("Name", "name"))},
    "getFile": get_file,
    "getChat": get_chat,
    "getChatMember": get_member,
    "leaveChat": leave_chat,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": webhook_info,
}  # fmt: skip
