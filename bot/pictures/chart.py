"""A member's own picture from its values: words and shapes become SVG, SVG becomes PNG. Nothing is kept."""

from bot.pictures.chart_pain import HEIGHT, WIDTH, pain_svg
from bot.pictures.chart_values import PainChart, read_chart
from bot.pictures.chart_week import week_svg
from bot.pictures.raster import lettered_png
from bot.pictures.spec import Picture, PictureSpec
from bot.pictures.theme import CARD


def chart_svg(spec: PictureSpec) -> str:
    """Raises UnknownFigureError."""
    chart = read_chart(spec.figure, spec.own)
    content = pain_svg(chart) if isinstance(chart, PainChart) else week_svg(chart)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
    paper = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{CARD}"/>'
    return "\n".join([head, paper, *content, "</svg>"])


def draw_chart(spec: PictureSpec) -> Picture:
    """`digest` stays empty: whoever asked knows under which secret name it goes."""
    return Picture(lettered_png(chart_svg(spec)), "image/png", WIDTH, HEIGHT, "", None)
