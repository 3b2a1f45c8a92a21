"""The compiled content is the same as the authors' files and never outlives a change of them."""

from pathlib import Path

import pytest

from bot.library.compile import COMPILED, compile_content, find_compiled, find_content
from bot.library.errors import ContentError
from bot.library.load import load_library
from bot.library.read import read_library


def test_the_compiled_library_equals_the_one_read_from_yaml(content: Path) -> None:
    compile_content(content)

    assert find_compiled(content) == read_library(content) == load_library(content)


def test_an_edited_file_beats_the_compiled_one(content: Path) -> None:
    compile_content(content)
    path = content / "exercises" / "bruecke.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("sets: 3", "sets: 2"), encoding="utf-8")

    assert find_compiled(content) is None
    assert load_library(content).exercises["bruecke"].sets == 2


@pytest.mark.parametrize("body", [b"", b"{}", b"not json", b'{"format": 0}'])
def test_a_damaged_compiled_file_is_passed_over(content: Path, body: bytes) -> None:
    (content / COMPILED).write_bytes(body)

    assert find_compiled(content) is None
    assert load_library(content) == read_library(content)


def test_broken_content_is_not_compiled(content: Path) -> None:
    (content / "tags.yaml").unlink()

    with pytest.raises(ContentError):
        compile_content(content)

    assert not (content / COMPILED).exists()


def test_the_folder_can_be_chosen(content: Path) -> None:
    assert find_content({"RUECKGRAT_CONTENT": str(content)}) == content
    assert (find_content({}) / "thresholds.yaml").is_file()


def test_a_chosen_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="RUECKGRAT_CONTENT"):
        find_content({"RUECKGRAT_CONTENT": str(tmp_path / "gone")})


def test_content_inside_the_package_comes_before_that_beside_it(tmp_path: Path) -> None:
    package = tmp_path / "bot"
    (tmp_path / "content").mkdir()
    assert find_content({}, package) == tmp_path / "content"

    (package / "content").mkdir(parents=True)
    assert find_content({}, package) == package / "content"


def test_without_any_content_the_setting_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="RUECKGRAT_CONTENT"):
        find_content({}, tmp_path / "bot")
