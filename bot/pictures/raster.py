"""SVG to PNG. The rasteriser sees no system font and no file: only what stands in the SVG."""

import resvg_py


def png(svg: str) -> bytes:
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True))
