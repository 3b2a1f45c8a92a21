"""The page around the conversation, in German and English. Words are escaped; no script or style stands inline."""

import hashlib
import html
import json
import re
from importlib import resources
from typing import Any

from bot.dialogue.markup import spans

LANGUAGES = ("de", "en")
_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_SLOT = re.compile(r"\{\{(\w+)\}\}")
_STATIC = resources.files("bot.channels.web").joinpath("static")


def _read(name: str) -> str:
    return _STATIC.joinpath(name).read_text("utf-8")


FILES: dict[str, tuple[bytes, str]] = {  # name → content and type; read once, nothing else can be asked for
    entry.name: (entry.read_bytes(), _TYPES[entry.name.rpartition(".")[2]])
    for entry in sorted(_STATIC.iterdir(), key=lambda entry: entry.name)
    if entry.name.rpartition(".")[2] in _TYPES
}
_WORDS: dict[str, dict[str, str]] = json.loads(_read("words.json"))
_TEMPLATES = {name: _read(name) for name in ("index.html", "emergency.html")}
STATIC_VERSION = hashlib.sha256(
    b"".join(content for content, _ in FILES.values()) + json.dumps([_WORDS, _TEMPLATES]).encode()
).hexdigest()[:12]


def preferred_language(accept: str) -> str | None:
    """The first choice in an Accept-Language header, as the browser wrote it."""
    choices = _choices(accept)
    return choices[0] if choices else None


def chrome_language(accept: str, default: str) -> str:
    """The best of our languages."""
    for choice in _choices(accept):
        language = choice.partition("-")[0].lower()
        if language in LANGUAGES:
            return language
    return default if default in LANGUAGES else LANGUAGES[0]


def _choices(accept: str) -> list[str]:
    """Language tags by falling weight."""
    weighted = []
    for part in accept[:500].split(","):
        tag, _, weight = part.strip().partition(";q=")
        if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag):
            continue
        weighted.append((_weight(weight), tag))
    return [tag for weight, tag in sorted(weighted, key=lambda pair: -pair[0]) if weight > 0]


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


def render(template: str, language: str, *, emergency_text: str, number: str, demo: bool) -> str:
    """Fill a template. Every word is escaped; the emergency text becomes paragraphs with strong words."""
    words = {key: word.replace("{number}", number) for key, word in _WORDS[language].items()}
    slots: dict[str, Any] = {key: html.escape(word) for key, word in words.items()}
    slots |= {
        "lang": language,
        "number": html.escape(number),
        "version": STATIC_VERSION,
        "words": html.escape(json.dumps(words, ensure_ascii=False)),
        "emergency_paragraphs": _paragraphs(emergency_text),
        "demo_hidden": "" if demo else "hidden",
    }
    return _SLOT.sub(lambda slot: str(slots[slot.group(1)]), _TEMPLATES[template])


def _paragraphs(marked: str) -> str:
    return "".join(f"<p>{_inline(block)}</p>" for block in marked.split("\n") if block.strip())


def _inline(marked: str) -> str:
    parts = []
    for span in spans(marked):
        text = html.escape(span.text)
        text = f"<em>{text}</em>" if span.slanted else text
        parts.append(f"<strong>{text}</strong>" if span.bold else text)
    return "".join(parts)
