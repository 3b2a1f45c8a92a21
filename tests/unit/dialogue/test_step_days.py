"""Steps of several days, as the exports of common apps write them."""

import pytest

from bot.dialogue.step_days import MOST_DAYS, key_hash, read_step_days


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("2026-11-29 6500", (("2026-11-29", 6500),)),
        ("2026-11-29,6500\n2026-11-30,7000", (("2026-11-29", 6500), ("2026-11-30", 7000))),
        ("Datum;Schritte\n29.11.2026;6.500\n30.11.2026;7.000", (("2026-11-29", 6500), ("2026-11-30", 7000))),
        ('"Date","Steps"\n"2026-11-29","6,500"', (("2026-11-29", 6500),)),
        ("date,steps,distance\n2026-11-29,6500", (("2026-11-29", 6500),)),
        ("2026-11-29 00:00:00, 6500.0", (("2026-11-29", 6500),)),
        ("2026-11-29: 6500 Schritte\n\n2026-11-29: 6600 steps", (("2026-11-29", 6600),)),
    ],
)
def test_lines_of_an_export_are_read(written: str, days: tuple[tuple[str, int], ...]) -> None:
    assert read_step_days(written) == days


@pytest.mark.parametrize(
    "written",
    [
        "",
        "6500",
        "am 29.11.2026 hatte ich 6500",
        "2026-11-29 6500\nmein Bein ist taub",
        "2026-13-29 6500",
        "2026-11-29 999999",
        "Datum;Schritte",
        "2026-11-29 6500\n" * (MOST_DAYS + 1),
    ],
)
def test_anything_else_is_not(written: str) -> None:
    assert read_step_days(written) is None


def test_a_keys_hash_does_not_tell_the_key() -> None:
    assert key_hash("a") != key_hash("b")
    assert "secret" not in key_hash("secret")
