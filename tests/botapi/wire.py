"""What travels over the socket: a call with its decoded parameters and uploads, a refusal, an encoded result.

Both modes of the double read requests with this one decoder, so that a benchmark sees the same protocol as a test.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn
from urllib.parse import parse_qsl

Wire = dict[str, Any]

BOUNDARY: Final = re.compile(r'boundary="?([^";]+)')
PART_NAME: Final = re.compile(r'(?i)content-disposition:[^\r\n]*?[; ]name="([^"]*)"')
FILE_NAME: Final = re.compile(r'(?i)content-disposition:[^\r\n]*?[; ]filename="([^"]*)"')

# Parameters that are plain strings: everything else is JSON inside a form field (numbers, booleans, objects).
PLAIN: Final = frozenset(
    {
        "action", "animation", "audio", "callback_query_id", "caption", "certificate", "custom_title",
        "description", "document", "emoji", "file_id", "inline_message_id", "language_code",
        "message_effect_id", "name", "parse_mode", "performer", "photo", "question", "secret_token",
        "short_description", "sticker", "text", "thumbnail", "title", "url", "video", "voice",
    }
)  # fmt: skip


class Refusal(Exception):  # noqa: N818 - the protocol's word: the platform refuses a request
    """An answer with ok=false."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters

    def body(self) -> bytes:
        answer: Wire = {"ok": False, "error_code": self.status, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return json.dumps(answer).encode()


def bad_request(reason: str) -> NoReturn:
    raise Refusal(400, f"Bad Request: {reason}")


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Encoded:
    """A result that is JSON already."""

    body: bytes


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    params: Wire
    files: dict[str, Upload] = field(default_factory=dict)

    def need(self, name: str) -> Any:
        if name not in self.params:
            bad_request(f'parameter "{name}" is required')
        return self.params[name]

    @property
    def chat_id(self) -> int | None:
        chat_id = self.params.get("chat_id")
        return chat_id if isinstance(chat_id, int) else None


def decoded(name: str, value: str) -> Any:
    if name in PLAIN:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def read_call(method: str, query: str, kind: str, body: bytes) -> Call:
    """The call in a request: query string, form, JSON or multipart, as Telegram takes them."""
    params: Wire = _read_form(query) if query else {}
    files: dict[str, Upload] = {}
    if kind.startswith("multipart/form-data"):
        _read_multipart(kind, body, params, files)
    elif kind.startswith("application/json"):
        params |= _read_json(body)
    elif body:
        params |= _read_form(body.decode(errors="surrogateescape"))
    return Call(method, params, files)


def _read_form(form: str) -> Wire:
    return {name: decoded(name, value) for name, value in parse_qsl(form, keep_blank_values=True)}


def _read_multipart(kind: str, body: bytes, params: Wire, files: dict[str, Upload]) -> None:
    boundary = BOUNDARY.search(kind)
    if boundary is None:
        bad_request("the form has no boundary")
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary[1].encode())[1:-1]:
        head, _, data = part.partition(b"\r\n\r\n")
        name, file_name = (found.search(head.decode()) for found in (PART_NAME, FILE_NAME))
        if name is None:
            bad_request("a part of the form has no name")
        if file_name is None:
            params[name[1]] = decoded(name[1], data.decode())
        else:
            files[name[1]] = Upload(file_name[1], data)


def _read_json(body: bytes) -> Wire:
    try:
        params = json.loads(body or b"{}")
    except ValueError:
        bad_request("can't parse the request body")
    if not isinstance(params, dict):
        bad_request("the request body must be an object")
    return params


def success(result: object) -> bytes:
    if isinstance(result, Encoded):
        return b'{"ok":true,"result":' + result.body + b"}"
    return json.dumps({"ok": True, "result": result}).encode()
