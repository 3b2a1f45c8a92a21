"""The coach in a terminal or a pipe: lines in, plain text out. Typed words go to the coach as they are.

But for what stands on a round's button: typed, it is a tap on it, since a card is no question that words could answer.
"""

import asyncio
import codecs
import os
import re
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError
from contextlib import suppress
from pathlib import Path
from typing import Self, TextIO

from bot.channels.channel import Delivery, Intake, PaperFile, Receipt, UnreachableError
from bot.channels.clean import clean
from bot.channels.emergency import is_emergency_command
from bot.dialogue.events import Address, Arrival, ButtonTapped, Event, TextReceived
from bot.dialogue.failures import StoreAwayError
from bot.dialogue.markup import spans
from bot.dialogue.messages import Kind, Message, Picture
from bot.dialogue.rounds import is_rounds

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # a name must not steer the terminal
_LONGEST_LINE = 65536
_REMEMBERED = 200
_LONGEST_WAIT_S = 30.0
_HELP_WAIT_S = 1.0  # a store that takes longer is treated as away when someone asks for help
_PLAIN, _BOLD, _SLANTED, _TEAL, _RED = "\x1b[0m", "\x1b[1m", "\x1b[3m", "\x1b[36m", "\x1b[31;1m"
_WORDS = {
    "de": ("Bild", "Gerade kann ich nichts speichern. Ich versuche es weiter."),
    "en": ("Picture", "I can't store anything right now. I keep trying."),
}


class ConsoleChannel:
    """One person at one terminal. `run` makes this run's sources unique; `receive` returns at the end of the input."""

    name = "console"
    account = "local"

    def __init__(
        self,
        *,
        run: str,
        language: str,
        emergency_text: Callable[[str], str],
        names_emergency: Callable[[str], bool] = is_emergency_command,
        source: int,
        out: TextIO,
        colour: bool,
        retry_s: float = 1.0,
    ) -> None:
        self.address = Address(self.name, self.account, "local", "local")
        self._run = run
        self._language = language if language in _WORDS else "en"
        self._emergency_text = emergency_text
        self._names_emergency = names_emergency
        self._source = source
        self._out = out
        self._colour = colour
        self._retry_s = retry_s
        self._told = ""  # the line of which was told last that it waits
        self._shown: OrderedDict[str, tuple[str, str]] = OrderedDict()  # remote id → what stands there
        self._buttons: OrderedDict[str, str] = OrderedDict()  # label → what the newest of that name means

    @classmethod
    def of_process(
        cls,
        *,
        run: str,
        language: str,
        emergency_text: Callable[[str], str],
        names_emergency: Callable[[str], bool],
        environment: Mapping[str, str],
    ) -> Self:
        """On this process's own input and output, in UTF-8 whatever the locale says."""
        out = sys.stdout
        if hasattr(out, "reconfigure"):
            out.reconfigure(encoding="utf-8", errors="replace")
        colour = wants_colour(environment, terminal=out.isatty())
        return cls(
            run=run,
            language=language,
            emergency_text=emergency_text,
            names_emergency=names_emergency,
            source=0,
            out=out,
            colour=colour,
        )

    async def receive(self, intake: Intake) -> None:
        lines: asyncio.Queue[str | None] = asyncio.Queue(16)
        loop = asyncio.get_running_loop()

        def hand_over(line: str | None) -> None:
            asyncio.run_coroutine_threadsafe(lines.put(line), loop).result()

        # A daemon: a read that waits for a key must not hold up the end of the process.
        threading.Thread(target=_read_lines, args=(self._source, hand_over), daemon=True, name="console input").start()
        number = 0
        while (line := await lines.get()) is not None:
            text = clean(line.rstrip("\r"))
            if text.strip():
                number += 1
                await self._store(intake, f"{self._run}-{number}", text)

    async def _store(self, intake: Intake, source: str, text: str) -> None:
        """Hand the text over, as often as it takes. Only a call for help is answered meanwhile."""
        event = self._heard(text)
        arrival = Arrival(source=source, address=self.address, event=event, at=time.time_ns() // 1000)
        wait_s = self._retry_s
        word = f"({_WORDS[self._language][1]})"
        waiting: asyncio.TimerHandle | None = None
        if self._names_emergency(text):
            word = self._drawn(self._emergency_text(self._language))
            waiting = asyncio.get_running_loop().call_later(_HELP_WAIT_S, self._tell, source, word)
        while True:
            try:
                await intake.receive([arrival])
            except StoreAwayError:
                self._tell(source, word)
                await asyncio.sleep(wait_s)
                wait_s = min(wait_s * 2, _LONGEST_WAIT_S)
            else:
                break
            finally:
                if waiting is not None:
                    waiting.cancel()

    def _heard(self, text: str) -> Event:
        data = self._buttons.get(_bare(text), "")
        if is_rounds(data):
            return ButtonTapped(data=data, language=self._language)
        return TextReceived(text=text, language=self._language)

    def _tell(self, source: str, word: str) -> None:
        """What is said of one line while it cannot be stored, once."""
        if self._told != source:
            self._told = source
            with suppress(UnreachableError):  # nobody reads any more
                self._print(word)

    async def send(self, delivery: Delivery) -> Receipt:
        message = delivery.message
        text, options = self._drawn(message.text), _options(message)
        if delivery.edits is None:
            remote = str(message.id)
            paper = await delivery.paper() if delivery.paper else None
            self._print(self._whole(message, text if paper is None else f"{text}\n{_written(paper)}", options))
        else:
            remote = delivery.edits
            before, options_before = self._shown.get(remote, ("", ""))
            if text not in before:  # a question that is put away only loses words; nobody need read the rest again
                self._print(self._whole(message, text, options))
            elif options and options != options_before:
                self._print(options)
        self._remember(remote, text, options)
        for label, data in ((_bare(button.label), button.data) for row in message.buttons for button in row):
            self._buttons[label] = data
            self._buttons.move_to_end(label)
        while len(self._buttons) > _REMEMBERED:
            self._buttons.popitem(last=False)
        return Receipt(remote=remote)

    async def aclose(self) -> None:
        """Nothing to close: input and output belong to the process."""

    def _whole(self, message: Message, text: str, options: str) -> str:
        urgent = message.kind is Kind.EMERGENCY
        head = self._painted("!! Rückgrat" if urgent else "Rückgrat", _RED if urgent else _TEAL)
        picture = [self._picture(message.picture)] if message.picture else []
        return "\n".join([f"{head}: {text}", *picture, *([options] if options else [])])

    def _picture(self, picture: Picture) -> str:
        hint = "" if picture.own else f" · {_drawing(picture)}"
        return _CONTROL.sub("", f"[{_WORDS[self._language][0]}: {picture.alt}{hint}]")

    def _drawn(self, marked: str) -> str:
        parts = []
        for span in spans(marked):
            text = _CONTROL.sub("", span.text)
            look = _BOLD * span.bold + _SLANTED * span.slanted
            parts.append(self._painted(text, look) if look else text)
        return "".join(parts)

    def _painted(self, text: str, look: str) -> str:
        return f"{look}{text}{_PLAIN}" if self._colour else text

    def _remember(self, remote: str, text: str, options: str) -> None:
        self._shown[remote] = (text, options)
        while len(self._shown) > _REMEMBERED:
            self._shown.popitem(last=False)

    def _print(self, text: str) -> None:
        try:
            self._out.write(f"{text}\n\n")
            self._out.flush()
        except (BrokenPipeError, ValueError) as error:  # ValueError: closed
            raise UnreachableError(type(error).__name__) from None


def _drawing(picture: Picture) -> str:
    """The command that draws what is shown here, as it is: this form, this person."""
    level = f" --level {picture.level}" if picture.level != 1 else ""
    theme = f" --theme {picture.theme}" if picture.theme != "default" else ""
    return f"rueckgrat picture exercise {picture.figure}{level}{theme}"


def _written(paper: PaperFile) -> str:
    """Where the file lies now, for its owner's eyes only; an older one of the same day stays."""
    for number in range(1, 100):
        path = Path.cwd() / (paper.name if number == 1 else paper.name.replace(".", f"-{number}.", 1))
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(paper.data)
        except FileExistsError:
            continue
        except OSError as error:
            return f"[{paper.name}: {type(error).__name__}]"
        return f"[{path}]"
    return f"[{paper.name}]"


def wants_colour(environment: Mapping[str, str], *, terminal: bool) -> bool:
    return terminal and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


def _options(message: Message) -> str:
    """Answers with their numbers; without, where a digit means something else: a scale's value or a list's line.

    What stands beside the answers is typed whole, as is what stands on a round's card, where a digit would answer the
    question that waits.
    """
    shown, number = [], 0
    for button in (button for row in message.buttons for button in row):
        if message.numbered and button.answers and not is_rounds(button.data):
            number += 1
            shown.append(f"[{number}] {_CONTROL.sub('', button.label_beside(number))}")
        else:
            shown.append(f"[{_CONTROL.sub('', button.label)}]")
    return "  ".join(shown)


def _bare(words: str) -> str:
    return words.strip(" .!").casefold()


def _read_lines(source: int, hand_over: Callable[[str | None], None]) -> None:
    """Read to the end and hand over line by line, then None; each waits until it is taken, so a flood stays outside.

    Raw reads: a buffered reader would hold a lock at the interpreter's end.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    pending = ""
    try:
        while chunk := os.read(source, 4096):
            *lines, pending = (pending + decoder.decode(chunk)).split("\n")
            for line in lines:
                hand_over(line)
            if len(pending) > _LONGEST_LINE:
                hand_over(pending)
                pending = ""
        pending += decoder.decode(b"", final=True)
        if pending:
            hand_over(pending)
        hand_over(None)
    except (CancelledError, RuntimeError):
        return  # the loop has ended: nobody listens
    except OSError:
        hand_over(None)
