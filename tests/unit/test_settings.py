"""A wrong setting is one line that names the variable, and never shows a secret."""

import contextlib
import io
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.settings import PREFIX, SettingsError, read_settings

SECRET = "987654321:AAAA-secret of somebody"
GOOD = {"operator_name": "Praxis Probe", "operator_contact": "probe@example.org", "_env_file": None}
HOOK = "https://coach.example/telegram"


def refusal(environment: dict[str, str] | None = None, **given: Any) -> str:
    with pytest.raises(SettingsError) as caught:
        read_settings(environment or {}, **{**GOOD, **given})
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("telegram_token", SECRET),
        ("telegram_token", "no-token"),
        ("telegram_token", "12:x"),
        ("telegram_api_url", "api.telegram.org"),
        ("telegram_api_url", "ftp://api.telegram.org"),
        ("telegram_rate", "-1"),
        ("telegram_rate", "fast"),
        ("telegram_webhook_url", "coach.example/telegram"),
        ("matrix_homeserver", "matrix.example.org"),
        ("matrix_user", "coach"),
        ("matrix_user", "@coach"),
        ("matrix_user", "@:example.org"),
        ("invite_policy", ""),
        ("invite_policy", "everyone, example.org"),
        ("invite_policy", "@ada"),
        ("web_port", "99999"),
        ("web_port", "http"),
        ("web_origin", "coach.example"),
        ("operator_name", "P"),
        ("operator_contact", "x" * 121),
        ("retention_months", "0"),
        ("country", "FR"),
        ("default_locale", "fr"),
        ("default_timezone", "Europe/Freiburg"),
        ("default_timezone", "../etc/passwd"),
        ("log_level", "LOUD"),
        ("picture_workers", "0"),
        ("draw_ahead", "perhaps"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_variable(name: str, value: str) -> None:
    line = refusal(None, **{name: value})

    assert "\n" not in line
    assert line.startswith(f"{PREFIX}{name.upper()}: ")
    assert len(line) > len(f"{PREFIX}{name.upper()}: ")
    assert "secret" not in line


def test_each_of_several_wrong_values_has_its_line() -> None:
    lines = refusal(web_port="99999", country="FR").splitlines()

    assert sorted(line.partition(":")[0] for line in lines) == [f"{PREFIX}COUNTRY", f"{PREFIX}WEB_PORT"]


def test_outside_the_demo_somebody_must_be_named() -> None:
    line = refusal(web_host="0.0.0.0", operator_name=None, operator_contact=None)  # noqa: S104 - what is refused

    assert "\n" not in line
    assert f"{PREFIX}OPERATOR_NAME" in line


def test_a_webhook_needs_its_secret() -> None:
    line = refusal(telegram_token="123456:ABCdef", telegram_webhook_url=HOOK)

    assert "\n" not in line
    assert f"{PREFIX}TELEGRAM_WEBHOOK_SECRET" in line


MATRIX = {"matrix_homeserver": "https://matrix.example.org"}
COACH = {"matrix_user": "@coach:example.org"}


@pytest.mark.parametrize(
    ("given", "missing"), [(MATRIX, "MATRIX_USER"), ({**MATRIX, **COACH, "matrix_token": "syt_x"}, "MATRIX_DEVICE")]
)
def test_matrix_needs_a_name_and_a_way_in(given: dict[str, Any], missing: str) -> None:
    line = refusal(None, **given)

    assert "\n" not in line
    assert f"{PREFIX}{missing}" in line


def test_with_matrix_the_web_chat_is_only_served_when_asked_for() -> None:
    settings = read_settings({}, **GOOD, **MATRIX, **COACH)

    assert (settings.serves_web, settings.is_demo) == (False, False)
    with pytest.raises(SettingsError):
        read_settings({}, _env_file=None, **MATRIX, **COACH)  # nobody is named


@pytest.mark.parametrize(
    "name", ["TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "MATRIX_PASSWORD", "MATRIX_TOKEN", "DATABASE_URL"]
)
def test_a_secret_file_that_cannot_be_read_is_named(name: str, tmp_path: Path) -> None:
    line = refusal({f"{PREFIX}{name}_FILE": str(tmp_path / "missing")})

    assert "\n" not in line
    assert line.startswith(f"{PREFIX}{name}_FILE cannot be read")


def test_a_secret_is_read_from_its_file_and_hidden(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("123456:ABCdefGHI\n", encoding="utf-8")

    settings = read_settings({f"{PREFIX}TELEGRAM_TOKEN_FILE": str(path)}, **GOOD)

    assert settings.telegram_token is not None
    assert settings.telegram_token.get_secret_value() == "123456:ABCdefGHI"
    assert "ABCdefGHI" not in repr(settings)


def test_a_secret_file_may_be_named_in_the_dotenv_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "token").write_text("123456:ABCdefGHI\n", encoding="utf-8")
    (tmp_path / ".env").write_text(f"{PREFIX}TELEGRAM_TOKEN_FILE={tmp_path / 'token'}\n", encoding="utf-8")

    settings = read_settings(None, **GOOD)

    assert settings.telegram_token is not None
    assert settings.telegram_token.get_secret_value() == "123456:ABCdefGHI"


def test_a_wrong_value_in_the_environment_ends_the_command_with_its_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(f"{PREFIX}WEB_PORT", "many")
    shown = io.StringIO()

    with contextlib.redirect_stderr(shown):
        code = main(["run"])

    assert code != 0
    (line,) = shown.getvalue().splitlines()
    assert line.startswith(f"{PREFIX}WEB_PORT: ")


@pytest.mark.parametrize("url", ["mysql://localhost/coach", "not an address", "sqlite+aiosqlite:////proc/nowhere/x.db"])
def test_a_database_address_that_cannot_be_used_is_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(f"{PREFIX}DATABASE_URL", url)
    shown = io.StringIO()

    with contextlib.redirect_stderr(shown):
        code = main(["run"])

    assert code != 0
    lines = shown.getvalue().splitlines()
    assert [line for line in lines if line.startswith(f"{PREFIX}DATABASE_URL: ")] == lines
