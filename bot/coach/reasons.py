"""Every reason the rules can give, by rule and cause. The catalogs need a text for each of `reason_ids()`.

A property test holds that nothing else is ever given.
"""

from bot.coach.records import Change

CAUSES: dict[str, tuple[str, ...]] = {
    # the gate
    "R_NORMAL": ("",),
    "R_FLAG": ("", "tag", "no-form"),
    "R_SCREEN": ("pain", "flare-lasts", "flare-again", "leg", "peak", "unanswered", "pause"),
    "R_FLARE": ("",),
    "R_REDUCED": ("pain", "ambers", "sleep", "ill"),
    "R_RETURN": ("",),
    "R_RAMP": ("",),
    "R_DELOAD": ("",),
    # an exercise gets smaller or rests
    "R_LOAD": ("limit", "usual-pain"),
    "R_PAUSE": ("level", "dose"),
    "R_RED2": ("radiating", "stabbing", "rise", "peak", "morning", "unwell", "effort"),
    "R_RED": ("rise", "peak", "morning", "unwell", "effort"),
    "R_AMBER": ("rise", "peak", "effort", "stopped"),
    "R_USER": ("",),
    # it gets bigger
    "R_DOSE": ("",),
    "R_SETS": ("",),
    "R_LEVEL": ("",),
    # it stays, and why
    "R_HOLD": (
        *("questions", "practice", "screening", "again", "reduced", "deload", "flare", "return", "ramp"),
        *(
            "start",
            "red",
            "morning",
            "missing",
            "much",
            "good",
            "calm",
            "adherence",
            "usual-pain",
            "declined",
            "decided",
        ),
        *("slow", "top", "tag", "equipment", "acute", "level-days", "level-ups", "needs", "sleep", "fixed"),
    ),
    # the first programme
    "P_START": ("",),
    "P_FILL": ("",),
    "P_MINUTES": ("",),
    "P_DISPOSITION": ("",),
    "P_EQUIPMENT": ("", "level"),
    "P_LIMIT": ("",),
    "P_LOAD": ("",),
    "P_ACUTE": ("",),
}
# What the falling rules say of an exercise that cannot get smaller, so that it rests today.
REST, REST_CAUSES = "R_REST", ("", "radiating", "stabbing", "rise", "peak", "morning", "unwell", "effort", "stopped")
FALLS = frozenset({"R_RED2", "R_RED", "R_AMBER", "R_USER"})
ADVICE = ("usual-pain-high", "flare-lasts", "worse", "not-better", "plateau", "maintenance")


def reason_key(rule: str, change: str, cause: str = "") -> str:
    """The text that says why; of an exercise that rests today nobody is told that it gets smaller."""
    said = REST if change == Change.REST and rule in FALLS else rule
    return f"reason/{said}/{cause}" if cause else f"reason/{said}"


def reason_ids() -> frozenset[str]:
    given = {**CAUSES, REST: REST_CAUSES}
    reasons = {f"reason/{rule}/{cause}".rstrip("/") for rule, causes in given.items() for cause in causes}
    return frozenset(reasons | {f"advice/{key}" for key in ADVICE})
