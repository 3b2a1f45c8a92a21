"""The report for a practice: two A4 pages of selectable text, tables and the pain chart. Nothing is kept.

    draw_report(PictureSpec("report", 1, "paper", own=values))     # a Picture whose data is a PDF

Sizes are millimetres, fonts points. If much is told, everything becomes a little smaller, so that it stays two pages.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cache
from io import BytesIO
from itertools import groupby
from typing import Final

from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace

from bot.pictures.chart import svg_page
from bot.pictures.chart_pain import pain_svg
from bot.pictures.lettering import FAMILY, FONTS
from bot.pictures.raster import lettered_png
from bot.pictures.report_values import Block, Labelled, Report, Table, read_report
from bot.pictures.spec import Picture, PictureSpec
from bot.pictures.theme import INK, LINE, SOFT, TEAL

MIME: Final = "application/pdf"
PAGES: Final = 2
_A4: Final = (210, 297)
_MARGIN: Final = 18.0
_FOOT: Final = 22.0  # room below for the line that says what this is not
_TEXT: Final = 9.6
_SMALLER: Final = (1.0, 0.93, 0.86, 0.79)
_CHART_WIDTH: Final = 146.0
_RULE: Final = 8.0  # between lines to write on
_LEADING: Final = 1.36
_LEFT_OUT: Final = "[…]"  # letters that our font does not have

# They would name letters of a member's sentences: those the font does not have, and those it has.
for _teller in ("fpdf", "fontTools"):
    logging.getLogger(_teller).setLevel(logging.CRITICAL)


def draw_report(spec: PictureSpec) -> Picture:
    """`digest` stays empty, as for every personal picture. Raises UnknownFigureError."""
    report = read_report(spec.own)
    data = b""
    for size in _SMALLER:
        paper = _Paper(report, size)
        data = paper.written()
        if paper.pdf.pages_count <= PAGES:
            break
    return Picture(data, MIME, *_A4, "", None)


def printable(words: str) -> str:
    """What the font can write; a mark stands for words in other letters, so that nothing is missing unseen."""
    return "".join(_printable_runs(words))


def _printable_runs(words: str) -> Iterator[str]:
    for known, run in groupby(words, lambda sign: sign.isspace() or ord(sign) in _signs()):
        part = "".join(run)
        if known:
            yield part
        elif any(sign.isalnum() for sign in part):  # an emoji alone is no loss
            yield _LEFT_OUT


@cache
def _signs() -> frozenset[int]:
    return frozenset(TTFont(FONTS[0]).getBestCmap())


class _Sheet(FPDF):
    """A page with its foot: what this paper is not, and which page it is."""

    def __init__(self, report: Report) -> None:
        super().__init__(format="A4")
        self._report = report

    def footer(self) -> None:
        self.set_y(-_FOOT + 4)
        self.set_draw_color(LINE)
        self.line(_MARGIN, self.get_y(), _A4[0] - _MARGIN, self.get_y())
        self.set_y(-_FOOT + 6)
        self.set_font(FAMILY, size=7.6)
        self.set_text_color(SOFT)
        pages = self._report.page_words
        width = self.epw
        self.multi_cell(width - 24, 3.6, self._report.foot, new_x=XPos.RIGHT, new_y=YPos.TOP, align="L")
        self.cell(24, 3.6, pages[min(self.page_no(), PAGES) - 1], align="R")


@dataclass(slots=True)
class _Paper:
    """One attempt at a certain size of letters."""

    report: Report
    size: float
    pdf: FPDF

    def __init__(self, report: Report, size: float) -> None:
        self.report, self.size = report, size
        self.pdf = _Sheet(report)
        self.pdf.set_margins(_MARGIN, _MARGIN - 2, _MARGIN)
        self.pdf.c_margin = 0  # words, lines and tables begin at the same edge
        self.pdf.set_auto_page_break(True, margin=_FOOT)
        self.pdf.add_font(FAMILY, fname=FONTS[0])
        self.pdf.add_font(FAMILY, style="B", fname=FONTS[1])
        self.pdf.set_title(report.title)
        self.pdf.set_lang(report.language)
        self.pdf.set_creator("Rückgrat")
        day = datetime.fromisoformat(report.made_on).date()
        self.pdf.set_creation_date(datetime.combine(day, time(), UTC))  # the day is enough: the hour is nobody's matter

    def written(self) -> bytes:
        self.pdf.add_page()
        self._words(self.report.title, 17, bold=True)
        self._words(self.report.subtitle, _TEXT, colour=SOFT)
        self._gap(2.2)
        self._facts(self.report.facts)
        for block in self.report.first:
            self._block(block)
        self.pdf.add_page()
        for block in self.report.second:
            self._block(block)
        return bytes(self.pdf.output())

    def _block(self, block: Block) -> None:
        self._gap(2.6)
        self._words(block.title, 11.6, bold=True, colour=TEAL)
        self._gap(0.7)
        for line in block.lines:
            self._words(line, _TEXT)
        if block.ruled:
            self._ruled(block.ruled)
        if block.table is not None:
            self._table(block.table)
        if block.chart is not None:
            self._gap(1)
            drawn = lettered_png(svg_page(pain_svg(block.chart)))
            left = (_A4[0] - _CHART_WIDTH * self.size) / 2
            self.pdf.image(BytesIO(drawn), x=left, w=_CHART_WIDTH * self.size, alt_text=block.chart_alt)

    def _facts(self, facts: tuple[Labelled, ...]) -> None:
        """Label and value, two pairs a line."""
        half = self.pdf.epw / 2
        for index in range(0, len(facts), 2):
            top, height = self.pdf.get_y(), 0.0
            for column, fact in enumerate(facts[index : index + 2]):
                left = _MARGIN + column * half
                self.pdf.set_xy(left, top)
                self._set(_TEXT, bold=False, colour=SOFT)
                self.pdf.cell(30, self._line(_TEXT), fact.label)
                self.pdf.set_xy(left + 30, top)
                self._set(_TEXT, bold=True)
                self.pdf.multi_cell(
                    half - 32, self._line(_TEXT), printable(fact.value), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT
                )
                height = max(height, self.pdf.get_y() - top)
            self.pdf.set_xy(_MARGIN, top + height)

    def _table(self, table: Table) -> None:
        self._set(_TEXT - 0.6)
        self.pdf.set_draw_color(LINE)
        widths = tuple(round(share * 100) for share in table.widths)
        with self.pdf.table(
            col_widths=widths,
            text_align="LEFT",
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            line_height=self._line(_TEXT - 0.6),
            padding=(0.7 * self.size, 2, 0.7 * self.size, 0),
            headings_style=FontFace(emphasis="BOLD", color=SOFT),
        ) as drawn:
            drawn.row(table.head)
            for row in table.rows:
                drawn.row(row)

    def _ruled(self, lines: int) -> None:
        self.pdf.set_draw_color(LINE)
        for _ in range(lines):
            self._gap(_RULE)
            self.pdf.line(_MARGIN, self.pdf.get_y(), _A4[0] - _MARGIN, self.pdf.get_y())
        self._gap(1.5)

    def _words(self, words: str, points: float, *, bold: bool = False, colour: str = INK) -> None:
        self._set(points, bold=bold, colour=colour)
        self.pdf.multi_cell(0, self._line(points), printable(words), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _set(self, points: float, *, bold: bool = False, colour: str = INK) -> None:
        self.pdf.set_font(FAMILY, style="B" if bold else "", size=points * self.size)
        self.pdf.set_text_color(colour)

    def _line(self, points: float) -> float:
        """Height of a line in millimetres."""
        return points * self.size * _LEADING * 25.4 / 72

    def _gap(self, millimetres: float) -> None:
        self.pdf.set_y(self.pdf.get_y() + millimetres * self.size)
