"""Starting reads catalogs without Babel: what it reads is what Babel reads."""

from pathlib import Path

import pytest

from bot.library.catalog import LANGUAGES, read_catalog, read_catalogs
from bot.library.po_file import read_po_folder

CONTENT = Path(__file__).parents[3] / "content"
HARD = r"""# a catalog
msgid ""
msgstr "Language: en\n"
#. part · one line
#: somewhere.py:3
msgid "a/plain"
msgstr "say \"yes\"\\no\t\n"
#, fuzzy
msgid "a/fuzzy"
msgstr "perhaps"
#, python-brace-format
msgid "a/flagged"
msgstr "{count} \* stars"

#, fuzzy, python-brace-format
#| msgid "a/older"
msgid "a/fuzzy-too"
msgid_plural "a/fuzzy-too"
msgstr[0] "one"
msgstr[1] "many"

msgctxt "noun"
msgid "a/"
"wrapped"
msgstr ""
"first\n"
"  second"

msgid "a/plural"
msgid_plural "a/plural"
msgstr[0] "one"
msgstr[1] ""
"many"

msgid "a/half"
msgid_plural "a/half"
msgstr[0] "one"
msgstr[1] ""

msgid "a/empty"
msgstr ""

#~ msgid "a/old"
#~ msgstr "gone"
msgid "a/line-signs"
msgstr "before{SEPARATOR}after"
""".replace("{SEPARATOR}", "\u2028")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_catalogs(language: str) -> None:
    wanted = read_po_folder(CONTENT / "locales" / language / "LC_MESSAGES", language)

    found = read_catalogs(CONTENT / "locales")[language].texts

    assert dict(found) == {text.key: text.forms for text in wanted.texts if text.is_filled}


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_all_that_translators_tools_write(tmp_path: Path, ends: str) -> None:
    (tmp_path / "hard.po").write_bytes(HARD.replace("\n", ends).encode())
    wanted = read_po_folder(tmp_path, "en")

    found = read_catalog(tmp_path, "en").texts

    assert dict(found) == {text.key: text.forms for text in wanted.texts if text.is_filled}
    assert set(found) == {"a/plain", "a/flagged", "a/wrapped", "a/plural", "a/line-signs"}
