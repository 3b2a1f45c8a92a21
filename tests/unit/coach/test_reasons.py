"""The list of reasons and the rules of the content are the same rules."""

from bot.coach.reasons import CAUSES, reason_ids
from bot.library.library import Library


def test_every_rule_of_the_content_has_reasons_and_the_other_way_round(library: Library) -> None:
    without_own_text = {"P_TAG"}  # says skip/<reason> of the exercise instead

    assert library.thresholds.rules.keys() - without_own_text == CAUSES.keys()


def test_reasons_are_catalog_ids() -> None:
    assert {"reason/R_LEVEL", "reason/R_HOLD/morning", "reason/R_FLAG", "advice/flare-lasts"} <= reason_ids()
    assert not any(reason.endswith("/") for reason in reason_ids())
