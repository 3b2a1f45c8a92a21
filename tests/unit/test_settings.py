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
        ("telegram_webhook_secret", "a secret with spaces"),
        ("telegram_webhook_secret", "s" * 257),
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
        ("web_origin", "https://coach.example/path"),
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
        ("content", "/nowhere"),
        ("content", "/tmp"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_variable(name: str, value: str) -> None:
    line = refusal(None, **{name: value})

    assert "\n" not in line
    assert line.startswith(f"{PREFIX}{name.upper()}: ")
    assert len(line) > len(f"{PREFIX}{name.upper()}: ")
    assert "secret" not in line


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CONTENT", "/nowhere"),
        ("WEB_HOST", "999.1.1.1"),
        ("DATABASE_URL", "sqlite+aiosqlite:///{folder}/r.db?timeout=soon"),
    ],
)
def test_a_value_that_cannot_be_used_ends_the_start_with_one_line(
    name: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given = {"OPERATOR_NAME": "Praxis Probe", "OPERATOR_CONTACT": "probe@example.org", "WEB_PORT": "0"}
    for variable, its in {**given, name: value.format(folder=tmp_path)}.items():
        monkeypatch.setenv(f"{PREFIX}{variable}", its)
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        assert main(["run"]) in {1, 2}

    (line,) = said.getvalue().splitlines()
    assert line.startswith(f"{PREFIX}{name}: ")


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


def test_telegram_calls_no_webhook_without_encryption_but_a_server_of_ones_own_does() -> None:
    given: dict[str, Any] = {"telegram_token": "123456:ABCdef", "telegram_webhook_secret": "x"}
    given["telegram_webhook_url"] = "http://coach.example/telegram"

    assert refusal(**given).startswith(f"{PREFIX}TELEGRAM_WEBHOOK_URL: ")
    assert read_settings({}, **GOOD, **given, telegram_api_url="http://127.0.0.1:8081").telegram_webhook_url


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


@pytest.mark.parametrize(
    ("name", "hint"),
    [("DATA_KEY", ""), ("TELEGRAM_TOKN", "TELEGRAM_TOKEN"), ("WEB_PORTS", "WEB_PORT")],
)
def test_a_name_that_is_no_setting_is_refused_and_never_passed_over(name: str, hint: str) -> None:
    line = refusal({f"{PREFIX}{name}": "closed"})

    assert "\n" not in line
    assert line.startswith(f"{PREFIX}{name} is no setting")
    assert line.partition("; is ")[2] == (f"{PREFIX}{hint} meant?" if hint else "")


def test_what_others_put_beside_our_settings_is_left_alone() -> None:
    beside = {f"{PREFIX}SERVICE_HOST": "10.0.0.1", f"{PREFIX}PORT_8080_TCP": "tcp://10.0.0.1:8080", "PATH": "/bin"}

    assert read_settings(beside, **GOOD).operator_name == "Praxis Probe"


def test_a_secret_file_that_is_no_text_is_named_and_not_shown(tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(b"123456:ABC\xff")

    line = refusal({f"{PREFIX}TELEGRAM_TOKEN_FILE": str(tmp_path / "token")})

    assert line.startswith(f"{PREFIX}TELEGRAM_TOKEN_FILE cannot be read")
    assert "ABC" not in line


def told(*command: str) -> list[str]:
    """What a command that fails tells the operator."""
    shown = io.StringIO()
    with contextlib.redirect_stderr(shown):
        code = main(command)
    assert code != 0
    return shown.getvalue().splitlines()


COMMANDS = (
    "run",
    "chat",
    "doctor",
    "content check",
    "rules alarm",
    "picture warm",
    "simulate",
    "db upgrade",
    "erase 5",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_wrong_value_in_the_environment_ends_any_command_with_its_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(f"{PREFIX}WEB_PORT", "many")

    (line,) = told(*command.split())

    assert line.startswith(f"{PREFIX}WEB_PORT: ")


NOBODY_THERE = "postgresql+asyncpg://coach:secret@127.0.0.1:1/coach"
BAD_ADDRESSES = ("mysql://localhost/coach", "not an address", "sqlite+aiosqlite:////proc/nowhere/x.db", NOBODY_THERE)


@pytest.mark.parametrize(
    ("command", "url"),
    [("run", url) for url in BAD_ADDRESSES[:3]]  # a server that is not there yet is waited for
    + [(c, url) for c in ("db upgrade", "export 5", "rules explain 5 2026-01-01") for url in BAD_ADDRESSES[2:]],
)
def test_a_database_address_that_cannot_be_used_is_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str, url: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(f"{PREFIX}DATABASE_URL", url)

    (line,) = told(*command.split())

    assert line.startswith(f"{PREFIX}DATABASE_URL: ")
    assert "secret" not in line


def test_a_web_file_that_cannot_be_used_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(f"{PREFIX}WEB_PORT", "0")
    (tmp_path / "var" / "web-transcript.db").mkdir(parents=True)

    lines = told("run")

    assert [line for line in lines if line.startswith("the web chat's file")] == lines[-1:]
    assert "Traceback" not in "".join(lines)


def test_a_folder_that_cannot_be_written_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(f"{PREFIX}CACHE", "/proc/nowhere")

    (line,) = told("run")

    assert line.startswith(f"{PREFIX}CACHE: /proc/nowhere cannot be written")


@pytest.mark.parametrize("command", ["export 5", "erase 5"])
def test_an_operators_command_makes_no_database_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    monkeypatch.chdir(tmp_path)

    (line,) = told(*command.split())

    assert line.startswith(f"{PREFIX}DATABASE_URL: there is no ")
    assert list(tmp_path.iterdir()) == []


def test_signing_up_by_code_needs_one_that_is_hard_to_guess() -> None:
    assert refusal({}, signup="code").startswith(f"{PREFIX}SIGNUP_CODE is needed")
    assert refusal({}, signup="code", signup_code="1234").startswith(f"{PREFIX}SIGNUP_CODE: must be 8 to 64")
    assert read_settings({}, **GOOD, signup="code", signup_code="backbone-2026").signup == "code"
