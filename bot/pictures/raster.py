"""SVG to PNG. The rasteriser sees no system font and no file but our own fonts: only what stands in the SVG."""

import resvg_py

from bot.pictures.lettering import FONTS


def png(svg: str) -> bytes:
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True))


def lettered_png(svg: str) -> bytes:
    """The same for a picture with words."""
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=list(FONTS)))
