"""One picture from its spec, in whatever process: read locked poses, draw, encode."""

from pathlib import Path

from bot.pictures import card, film
from bot.pictures.blur import blurhash
from bot.pictures.lock import read_lock
from bot.pictures.pose_files import load_poses
from bot.pictures.poses import Level
from bot.pictures.raster import png
from bot.pictures.spec import Picture, PictureSpec, UnknownFigureError
from bot.pictures.stage import Stage, set_stage
from bot.pictures.theme import person


def draw_picture(poses_dir: Path, spec: PictureSpec, digest: str) -> Picture:
    """Raises UnknownFigureError, PoseFileError and StaleLockError."""
    stage = open_stage(poses_dir, spec)
    if spec.form == "still":
        data = png(card.card_svg(stage))
        return Picture(data, "image/png", card.WIDTH, card.HEIGHT, digest, None, blurhash(data))
    tempo = stage.level.tempo
    if tempo is None or len(stage.moments) < 2:
        raise UnknownFigureError(f"{spec.figure} level {spec.level} does not move")
    if spec.form == "clip":
        return Picture(film.mp4(stage, tempo), "video/mp4", film.WIDTH, film.HEIGHT, digest, film.length(stage, tempo))
    return Picture(film.gif(stage, tempo), "image/gif", film.WIDTH, film.HEIGHT, digest, film.length(stage, tempo))


def open_stage(poses_dir: Path, spec: PictureSpec) -> Stage:
    try:
        poses = load_poses(poses_dir, spec.figure)
    except FileNotFoundError:
        raise UnknownFigureError(f"no figure {spec.figure!r}") from None
    number, level = _own_level(poses.levels, spec)
    return set_stage(level, read_lock(poses_dir, spec.figure)[number], person(spec.theme))


def _own_level(levels: dict[int, Level | int], spec: PictureSpec) -> tuple[int, Level]:
    """Follow "drawn like level n" to the level that has poses."""
    number = spec.level
    for _ in levels:
        level = levels.get(number)
        if isinstance(level, Level):
            return number, level
        if level is None:
            break
        number = level
    raise UnknownFigureError(f"{spec.figure} has no level {spec.level}")


def still_svg(poses_dir: Path, spec: PictureSpec) -> str:
    """The still as SVG text, for `--format svg`; raises as `draw_picture`."""
    return card.card_svg(open_stage(poses_dir, spec))
