"""The cyclic garbage collector, told what not to look at.

Content, catalogs and code stay for ever, and turns make thousands of values that die by counting alone. By default the
collector walked over all of them every few turns: a seventh of a turn's time.
"""

import gc

YOUNG, MIDDLE, OLD = 20_000, 20, 50  # Python's own: 700, 10, 10


def spare_collector() -> None:
    """What exists now is never looked at again; what comes later more rarely. Call it when all content is read.

    Not collected before: start-up leaves 2,000 dead values among 175,000, and looking takes 0.15 s.
    """
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    gc.enable()
