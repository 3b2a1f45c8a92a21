"""The platform's files: uploads get ids, ids can be sent again as what they were, nothing else is known."""

import hashlib
import itertools
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from tests.botapi.judge import Frame, Judge
from tests.botapi.wire import Refusal, Upload, Wire, bad_request

PHOTO_BYTES, FILE_BYTES, DOWNLOAD_BYTES = 10 << 20, 50 << 20, 20 << 20
FILMS: Final = ("animation", "video", "video_note")
WRONG_ID: Final = "wrong file identifier/HTTP URL specified"


@dataclass(frozen=True, slots=True)
class Held:
    """A file the platform holds. `shown` is what a message says about it: an object, for photos a list of sizes."""

    kind: str
    name: str
    data: bytes
    shown: Any


class Files:
    def __init__(self, bot_id: int, judge: Judge) -> None:
        self._prefix = f"AgAC{bot_id:x}"
        self._judge = judge
        self._number = itertools.count(1)
        self._held: dict[str, Held] = {}
        self.uploads = 0

    def __getitem__(self, file_id: str) -> Held:
        if file_id not in self._held:
            bad_request("invalid file_id")
        return self._held[file_id]

    def take(self, kind: str, source: str | None, uploads: dict[str, Upload]) -> Held:
        """What a send names: a new upload (directly or by attach://) or an id from before."""
        name = kind if source is None else source.removeprefix("attach://")
        if source is None or source.startswith("attach://"):
            if name not in uploads:
                bad_request(f"there is no {kind} in the request")
            return self.keep(kind, uploads[name])
        held = self._held.get(source)
        if held is None:
            bad_request(WRONG_ID)
        if held.kind != kind:
            bad_request(f"can't use file of type {held.kind.capitalize()} as {kind.capitalize()}")
        return held

    def keep(self, kind: str, upload: Upload) -> Held:
        if not upload.data:
            bad_request("file must be non-empty")
        if len(upload.data) > (PHOTO_BYTES if kind == "photo" else FILE_BYTES):
            _too_large()
        self.uploads += 1
        if kind == "photo":
            return self._keep_photo(upload)
        wire = self._named(kind, upload.data) | {"file_name": upload.name}
        if kind in FILMS:
            frame = self._judge.film(upload.data)
            # The platform shows a film with sound as a video, whatever it was sent as.
            kind = kind if frame.silent or kind != "animation" else "video"
            wire |= {"width": frame.width, "height": frame.height, "duration": frame.seconds, "mime_type": "video/mp4"}
        elif kind in ("voice", "audio"):
            wire |= {"duration": 1}
        return self._hold(wire["file_id"], Held(kind, upload.name, upload.data, wire))

    def _keep_photo(self, upload: Upload) -> Held:
        frame = self._judge.photo(upload.data)
        small = self._named("photo", upload.data) | _scaled(frame, 90)
        full = self._named("photo", upload.data) | {"width": frame.width, "height": frame.height}
        held = Held("photo", upload.name, upload.data, [small, full])
        self._hold(small["file_id"], held)
        return self._hold(full["file_id"], held)

    def _named(self, kind: str, data: bytes) -> Wire:
        number = next(self._number)
        unique = hashlib.blake2b(data, digest_size=8).hexdigest()
        return {
            "file_id": f"{self._prefix}{kind}{number:08d}",
            "file_unique_id": unique,
            "file_size": len(data),
        }

    def _hold(self, file_id: str, held: Held) -> Held:
        self._held[file_id] = held
        return held

    def described(self, file_id: str) -> Wire:
        """getFile's answer."""
        held = self[file_id]
        if len(held.data) > DOWNLOAD_BYTES:
            bad_request("file is too big")
        shown = held.shown[-1] if isinstance(held.shown, list) else held.shown
        wanted = ("file_unique_id", "file_size")
        return {"file_id": file_id, "file_path": f"{held.kind}/{file_id}", **{k: shown[k] for k in wanted}}


def _scaled(frame: Frame, side: int) -> Wire:
    share = min(1.0, side / max(frame.width, frame.height))
    return {"width": max(1, round(frame.width * share)), "height": max(1, round(frame.height * share))}


def _too_large() -> NoReturn:
    raise Refusal(413, "Request Entity Too Large")
