"""A member's own picture from its values: words and shapes become SVG, SVG becomes PNG. Nothing is kept."""

from collections.abc import Iterator

from bot.pictures.blur import blurhash
from bot.pictures.chart_join import join_svg
from bot.pictures.chart_pain import HEIGHT, WIDTH, pain_svg
from bot.pictures.chart_radar import radar_svg
from bot.pictures.chart_round import round_svg
from bot.pictures.chart_values import (
    Chart,
    JoinPicture,
    PainChart,
    RoundPicture,
    StabilityProfile,
    WeekPicture,
    read_chart,
)
from bot.pictures.chart_week import week_svg
from bot.pictures.raster import lettered_png
from bot.pictures.spec import Picture, PictureSpec
from bot.pictures.theme import CARD


def chart_svg(spec: PictureSpec) -> str:
    """Raises UnknownFigureError."""
    return svg_page(_content(read_chart(spec.figure, spec.own)))


def svg_page(content: Iterator[str]) -> str:
    """The card with a chart's shapes on it."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
    paper = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{CARD}"/>'
    return "\n".join([head, paper, *content, "</svg>"])


def _content(chart: Chart) -> Iterator[str]:
    match chart:
        case PainChart():
            return pain_svg(chart)
        case WeekPicture():
            return week_svg(chart)
        case RoundPicture():
            return round_svg(chart)
        case JoinPicture():
            return join_svg(chart)
        case StabilityProfile():
            return radar_svg(chart)


def draw_chart(spec: PictureSpec) -> Picture:
    """`digest` stays empty: whoever asked knows under which secret name it goes."""
    data = lettered_png(chart_svg(spec))
    return Picture(data, "image/png", WIDTH, HEIGHT, "", None, blurhash(data))
