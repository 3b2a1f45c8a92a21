"""Small catalogs for the lint to stumble over."""

from bot.library.po_file import PoFile, parse_po

HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""


def entry(key: str, text: str | tuple[str, ...], note: str = "message") -> str:
    if isinstance(text, tuple):
        forms = "\n".join(f'msgstr[{index}] "{form}"' for index, form in enumerate(text))
        return f'#. {note}\nmsgid "{key}"\nmsgid_plural "{key}"\n{forms}\n'
    return f'#. {note}\nmsgid "{key}"\nmsgstr "{text}"\n'


def catalog(language: str, *entries: str, header: str = HEADER) -> PoFile:
    whole = "\n".join((header.replace("{language}", language), *entries))
    return parse_po(whole.encode(), language, f"{language}.po")


def pair(german: str, english: str | None = None) -> tuple[PoFile, PoFile]:
    """Both languages; the English one defaults to a text that nothing is wrong with."""
    return catalog("de", german), catalog("en", german if english is None else english)
