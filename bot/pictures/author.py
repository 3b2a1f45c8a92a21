"""For authors: solve and lock poses, report what is wrong, and draw the contact sheet to look at.

Needs scipy, which only a development installation has; the module itself loads without it.
"""

import io
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from PIL import Image

from bot.pictures import film
from bot.pictures.card import card_svg
from bot.pictures.checks import Problem, check_level
from bot.pictures.lock import Locked, read_lock, write_lock
from bot.pictures.pose_files import figures, load_poses
from bot.pictures.poses import Level, PoseFile
from bot.pictures.raster import png
from bot.pictures.spec import PictureSpec, PoseFileError, StaleLockError, UnknownFigureError
from bot.pictures.stage import set_stage
from bot.pictures.studio import content_digest
from bot.pictures.theme import DEFAULT_PERSON, PEOPLE, Person

# A fuller body touches earlier. The coach itself looks at the default one, because content must be checked in seconds.
FULLER: Final = {name: person for name, person in PEOPLE.items() if person.physique}
NOBODY: Final[Mapping[str, Person]] = {}
TILE: Final = (640, 480)
COLUMNS: Final = 2
GAP: Final = 12
SHEET: Final = "#DDE2EA"


def solve_all(poses_dir: Path, only: Collection[str] = ()) -> list[Problem]:
    """Solve every figure (or `only` these) and lock it; returns what is wrong, for fuller bodies too.

    A figure with problems is locked too, to be seen.
    """
    from bot.pictures.solve import solve_level  # noqa: PLC0415 - scipy is there when authoring only

    problems: list[Problem] = []
    for figure in only or figures(poses_dir):
        try:
            poses = load_poses(poses_dir, figure)
        except PoseFileError as error:
            problems.append(Problem(figure, 0, 0, "file", figure, str(error)))
            continue
        write_lock(poses_dir, figure, {number: solve_level(level) for number, level in own_levels(poses).items()})
        problems += check_figure(poses_dir, figure, FULLER)
    return problems


def check_all(poses_dir: Path, kept: Path) -> list[Problem]:
    """Look at the locked poses without solving: for `content check`.

    `kept`: a folder that remembers which figures were flawless, by the digest of their poses and of the drawing code.
    """
    problems: list[Problem] = []
    for figure in figures(poses_dir):
        digest = _digest(poses_dir, figure)
        if digest and (kept / digest).exists():
            continue
        found = check_figure(poses_dir, figure)
        problems += found
        if digest and not found:
            with suppress(OSError):  # a folder that cannot be written: looked at anew next time
                kept.mkdir(parents=True, exist_ok=True)
                (kept / digest).touch()
    return problems


def _digest(poses_dir: Path, figure: str) -> str | None:
    try:
        return content_digest(poses_dir, PictureSpec(figure, 0, "still"))
    except (UnknownFigureError, StaleLockError):
        return None  # looked at, and told what is wrong


def check_figure(poses_dir: Path, figure: str, also: Mapping[str, Person] = NOBODY) -> list[Problem]:
    """What is wrong with a figure's poses; `also`: others than the default person who must fit into them."""
    try:
        levels = own_levels(load_poses(poses_dir, figure))
        locked = read_lock(poses_dir, figure)
    except (PoseFileError, StaleLockError) as error:
        return [Problem(figure, 0, 0, "file", figure, str(error))]
    found = [
        problem for number, level in levels.items() for problem in check_level(figure, number, level, locked[number])
    ]
    return found + [
        replace(problem, message=f"{problem.message} ({name})")
        for name, person in also.items()
        for number, level in levels.items()
        for problem in check_level(figure, number, level, locked[number], person)
    ]


def own_levels(poses: PoseFile) -> dict[int, Level]:
    """Levels with poses of their own, without those drawn like another one."""
    return {number: level for number, level in poses.levels.items() if isinstance(level, Level)}


def contact_sheet(poses_dir: Path, out: Path) -> None:
    """All stills on one PNG, figure after figure, level after level."""
    tiles = [
        _tile(level, locked[number])
        for figure in figures(poses_dir)
        for locked in (read_lock(poses_dir, figure),)
        for number, level in own_levels(load_poses(poses_dir, figure)).items()
    ]
    rows = -(-len(tiles) // COLUMNS)
    width, height = TILE
    sheet = Image.new("RGB", (COLUMNS * (width + GAP) + GAP, rows * (height + GAP) + GAP), SHEET)
    for i, tile in enumerate(tiles):
        row, column = divmod(i, COLUMNS)
        sheet.paste(tile, (GAP + column * (width + GAP), GAP + row * (height + GAP)))
    out.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(out, "PNG", optimize=True)


def film_strip(poses_dir: Path, figure: str, number: int, out: Path) -> None:
    """Nine frames of one film, to look at the way between the poses."""
    level = own_levels(load_poses(poses_dir, figure))[number]
    if level.tempo is None:
        raise UnknownFigureError(f"{figure} level {number} does not move")
    frames = film.images(set_stage(level, read_lock(poses_dir, figure)[number], DEFAULT_PERSON), level.tempo)
    sheet = Image.new("RGB", (3 * film.WIDTH, 3 * film.HEIGHT), SHEET)
    for i in range(9):
        row, column = divmod(i, 3)
        sheet.paste(frames[i * (len(frames) - 1) // 8], (column * film.WIDTH, row * film.HEIGHT))
    sheet.save(out, "PNG", optimize=True)


def _tile(level: Level, locked: Locked) -> Image.Image:
    drawn = Image.open(io.BytesIO(png(card_svg(set_stage(level, locked, DEFAULT_PERSON)))))
    return drawn.convert("RGB").resize(TILE, Image.Resampling.LANCZOS)
