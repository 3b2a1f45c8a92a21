"""Pictures made from data: poses become SVG, SVG becomes PNG, MP4 or GIF.

Only `spec` and `studio` are for other rooms; everything else runs in worker processes and may load numpy.
"""
