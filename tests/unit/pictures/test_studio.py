"""The studio draws in other processes, keeps what it drew, and survives damage."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.pictures.spec import Picture, PictureSpec, PoseFileError, StaleLockError, UnknownFigureError
from bot.pictures.studio import Studio, draw

WELCOME = PictureSpec("welcome", 1, "still")
BRIDGE = PictureSpec("bruecke", 2, "still")
PNG = b"\x89PNG\r\n"


@pytest.fixture
async def studio(poses_dir: Path, tmp_path: Path) -> AsyncIterator[Studio]:
    async with Studio(poses_dir, tmp_path / "cache") as opened:
        yield opened


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_picture_is_drawn_once_and_then_comes_from_disk(studio: Studio, tmp_path: Path) -> None:
    drawn = await studio.picture(WELCOME)
    (file,) = _files(tmp_path / "cache")
    before = file.stat().st_mtime_ns

    again = await studio.picture(WELCOME)

    assert drawn.data.startswith(PNG)
    assert (drawn.mime, drawn.width, drawn.height, drawn.seconds) == ("image/png", 1280, 960, None)
    assert again == drawn
    assert file.stat().st_mtime_ns == before


async def test_a_kept_picture_needs_no_worker(studio: Studio, poses_dir: Path, tmp_path: Path) -> None:
    drawn = await studio.picture(WELCOME)

    async with Studio(poses_dir, tmp_path / "cache") as other:
        assert await other.picture(WELCOME) == drawn
        assert not other._pools


async def test_many_who_ask_at_once_get_one_drawing(studio: Studio) -> None:
    pictures = await asyncio.gather(*(studio.picture(WELCOME) for _ in range(5)))

    assert len({id(picture) for picture in pictures}) == 1


async def test_a_damaged_file_is_drawn_again(studio: Studio, tmp_path: Path) -> None:
    drawn = await studio.picture(WELCOME)
    (file,) = _files(tmp_path / "cache")
    for damage in (b"", b"{}\nrubbish", b"\xff\xfe", file.read_bytes()[:-9]):
        file.write_bytes(damage)

        assert await studio.picture(WELCOME) == drawn, damage
        assert file.stat().st_size > len(drawn.data)


async def test_a_dead_worker_is_replaced_and_the_picture_still_comes(studio: Studio) -> None:
    await studio.picture(WELCOME)
    assert list(studio._pools) == [False]
    (worker,) = studio._pools[False]._processes
    os.kill(worker, signal.SIGKILL)

    picture = await studio.picture(BRIDGE)

    assert picture.data.startswith(PNG)


async def test_giving_up_waiting_does_not_stop_the_drawing(studio: Studio) -> None:
    impatient = asyncio.create_task(studio.picture(WELCOME))
    patient = asyncio.create_task(studio.picture(WELCOME))
    await asyncio.sleep(0)
    impatient.cancel()

    assert (await patient).data.startswith(PNG)


def test_the_digest_follows_whatever_shapes_the_picture(poses_dir: Path, tmp_path: Path) -> None:
    studio = Studio(poses_dir, tmp_path / "cache")
    specs = [WELCOME, BRIDGE, PictureSpec("bruecke", 3, "still"), PictureSpec("bruecke", 2, "clip")]
    before = [studio.digest(spec) for spec in specs]
    assert len(set(before)) == len(specs)

    with (poses_dir / "bruecke.yaml").open("a", encoding="utf-8") as file:
        file.write("# edited\n")

    after = [studio.digest(spec) for spec in specs]
    assert [a == b for a, b in zip(before, after, strict=True)] == [True, False, False, False]


@pytest.mark.parametrize("figure", ["unheard-of", "../poses/bruecke", "", "Bruecke", "bases"])
async def test_an_unknown_figure_is_refused_before_drawing(studio: Studio, figure: str) -> None:
    with pytest.raises((UnknownFigureError, StaleLockError)):
        await studio.picture(PictureSpec(figure, 1, "still"))

    assert not studio._pools


@pytest.mark.parametrize(
    "spec",
    [
        PictureSpec("bruecke", 9, "still"),
        PictureSpec("bruecke", 2, "still", theme="martian"),
        PictureSpec("welcome", 1, "clip"),
    ],
)
def test_an_unknown_level_theme_or_film_is_refused(shipped: Path, spec: PictureSpec) -> None:
    with pytest.raises(UnknownFigureError):
        draw(shipped, spec)


async def test_errors_come_out_of_the_worker_as_ours(studio: Studio, poses_dir: Path) -> None:
    with (poses_dir / "welcome.yaml").open("a", encoding="utf-8") as file:
        file.write("colour: blue\n")
    with pytest.raises(PoseFileError, match=r"welcome\.yaml:\d+: colour"):
        await studio.picture(WELCOME)

    with (poses_dir / "bruecke.yaml").open("a", encoding="utf-8") as file:
        file.write("# edited\n")
    with pytest.raises(StaleLockError):
        await studio.picture(BRIDGE)


def test_a_level_may_be_drawn_like_another(poses_dir: Path) -> None:
    path = poses_dir / "welcome.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "  2: 1\n", encoding="utf-8")
    _relock(poses_dir, "welcome")

    first, second = (draw(poses_dir, PictureSpec("welcome", level, "still")) for level in (1, 2))

    assert first.data == second.data


def _relock(poses_dir: Path, figure: str) -> None:
    from bot.pictures.lock import read_lock, source_hash

    path = poses_dir / f"{figure}.lock.json"
    shipped = Path(__file__).parents[3] / "content" / "poses"
    old, new = source_hash(shipped, figure), source_hash(poses_dir, figure)
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert read_lock(poses_dir, figure)


def test_the_main_process_stays_free_of_drawing_libraries(shipped: Path, tmp_path: Path) -> None:
    code = """
import asyncio, sys
from pathlib import Path
from bot.pictures.spec import PictureSpec, UnknownFigureError
from bot.pictures.studio import Studio

async def main():
    async with Studio(Path(sys.argv[1]), Path(sys.argv[2])) as studio:
        await studio.picture(PictureSpec("welcome", 1, "still"))
        try:
            await studio.picture(PictureSpec("welcome", 7, "still"))
        except UnknownFigureError:
            pass
    heavy = {"numpy", "shapely", "resvg_py", "av", "PIL", "scipy", "pydantic"} & set(sys.modules)
    print("heavy:", sorted(heavy))

if __name__ == "__main__":
    asyncio.run(main())
"""
    script = tmp_path / "main.py"
    script.write_text(code, encoding="utf-8")
    root = Path(__file__).parents[3]

    done = subprocess.run(
        [sys.executable, str(script), str(shipped), str(tmp_path / "cache")],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(root)}, timeout=60,
    )  # fmt: skip

    assert done.stdout == "heavy: []\n"


def test_the_coach_draws_without_scipy(shipped: Path) -> None:
    code = (
        "import sys; sys.modules['scipy'] = None\n"
        "from pathlib import Path\n"
        "from bot.pictures.spec import PictureSpec\n"
        "from bot.pictures.studio import draw\n"
        "print(len(draw(Path(sys.argv[1]), PictureSpec('bruecke', 1, 'still')).data) > 1000)"
    )
    root = Path(__file__).parents[3]

    done = subprocess.run(
        [sys.executable, "-c", code, str(shipped)], capture_output=True, text=True, check=True, cwd=root, timeout=60
    )

    assert done.stdout == "True\n"


def test_equal_specs_give_equal_bytes(shipped: Path) -> None:
    one: Picture = draw(shipped, BRIDGE)

    assert draw(shipped, BRIDGE) == one


def test_a_worker_ends_with_the_process_it_draws_for(poses_dir: Path, tmp_path: Path) -> None:
    script = (
        "import asyncio, sys; from pathlib import Path; from bot.pictures.spec import PictureSpec; "
        "from bot.pictures.studio import Studio\n"
        "async def main():\n"
        f"    studio = Studio(Path({str(poses_dir)!r}), Path({str(tmp_path)!r}))\n"
        "    await studio.picture(PictureSpec('welcome', 1, 'still'))\n"
        "    print(next(iter(studio._pools[False]._processes)), flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    (tmp_path / "drawing.py").write_text(script, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    with subprocess.Popen([sys.executable, tmp_path / "drawing.py"], stdout=subprocess.PIPE, env=environment) as coach:
        assert coach.stdout is not None
        worker = int(coach.stdout.readline())
        coach.kill()

    for _ in range(200):
        if not _lives(worker):
            break
        time.sleep(0.05)
    assert not _lives(worker)


def _lives(pid: int) -> bool:
    """A zombie that nobody reaps is dead, too."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
