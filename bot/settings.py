"""Settings from the environment or a `.env`, prefix `RUECKGRAT_`. Every secret also as `…_FILE`.

A wrong value is one clear line that names the variable; a token never appears in it.
"""

import os
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "RUECKGRAT_"
DEFAULT_CACHE = Path("var/cache")
_NOT_OURS = (f"{PREFIX}TEST_", f"{PREFIX}SERVICE_", f"{PREFIX}PORT")  # tests; what Kubernetes sets beside a service
SECRETS = (
    "TELEGRAM_TOKEN",
    "TELEGRAM_WEBHOOK_SECRET",
    "MATRIX_PASSWORD",
    "MATRIX_TOKEN",
    "DATABASE_URL",
    "SIGNUP_CODE",
)
_CODE = re.compile(r"[A-Za-z0-9_-]{8,64}")
_HOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_TELEGRAM = "https://api.telegram.org"  # calls no address without encryption; a Bot API server of one's own does
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class SettingsError(Exception):
    """One line a variable, each naming what is wrong."""


class Settings(BaseSettings):
    """All settings; defaults are those of the local demo."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", env_file_encoding="utf-8", extra="ignore")

    database_url: SecretStr = SecretStr("sqlite+aiosqlite:///var/rueckgrat.db")
    content: Path | None = None
    cache: Path = DEFAULT_CACHE
    telegram_token: SecretStr | None = None
    telegram_api_url: str = _TELEGRAM
    telegram_rate: float = Field(default=25, ge=0, le=1000)
    telegram_webhook_url: str | None = None
    telegram_webhook_secret: SecretStr | None = None
    matrix_homeserver: str | None = None
    matrix_user: str | None = None
    matrix_password: SecretStr | None = None
    matrix_token: SecretStr | None = None
    matrix_device: str | None = None
    matrix_store: Path = Path("var/matrix")
    invite_policy: str = "everyone"
    web_host: str = "127.0.0.1"
    web_port: int | None = Field(default=None, ge=0, le=65535)
    web_origin: str | None = None
    operator_name: str | None = Field(default=None, min_length=2, max_length=80)
    operator_contact: str | None = Field(default=None, min_length=3, max_length=120)
    exercises: Literal["adaptive", "fixed", "off"] = "adaptive"
    signup: Literal["open", "code", "closed"] = "open"
    signup_code: SecretStr | None = None
    privacy_url: str = ""
    data_place: str = ""
    retention_months: int = Field(default=12, ge=1, le=120)
    country: Literal["DE", "AT", "CH", "EU"] = "DE"
    default_locale: Literal["de", "en"] = "de"
    default_timezone: str = "Europe/Berlin"
    metrics_port: int | None = Field(default=None, ge=0, le=65535)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    picture_workers: int = Field(default=1, ge=1, le=8)
    draw_ahead: bool = True

    @field_validator("default_timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("is no IANA time zone such as Europe/Berlin") from None
        return value

    @field_validator("content")
    @classmethod
    def _holds_content(cls, value: Path | None) -> Path | None:
        if value is not None and not (value / "locales").is_dir():
            raise ValueError("is no folder with the coach's content")
        return value

    @field_validator("telegram_api_url", "telegram_webhook_url", "matrix_homeserver", "web_origin")
    @classmethod
    def _a_web_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise ValueError("must begin with http:// or https:// and a host")
        return value.rstrip("/")

    @field_validator("web_origin")
    @classmethod
    def _an_origin(cls, value: str | None) -> str | None:
        if value is not None and value.count("/") > 2:
            raise ValueError("must be nothing but https:// and a host, without a path")
        return value

    @field_validator("telegram_token")
    @classmethod
    def _looks_like_a_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        number, _, secret = value.get_secret_value().partition(":")
        if not number.isdigit() or len(secret) < 3 or any(c.isspace() for c in secret):
            raise ValueError("is no bot token; @BotFather gives one that looks like 123456:ABC…")
        return value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _as_telegram_takes_it(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        if _HOOK_SECRET.fullmatch(value.get_secret_value()) is None:
            raise ValueError("must be 1 to 256 letters, digits, - or _")
        return value

    @field_validator("signup_code")
    @classmethod
    def _hard_to_guess(cls, value: SecretStr | None) -> SecretStr | None:
        """It must also fit into a link: t.me/name?start=CODE."""
        if value is None or not value.get_secret_value():
            return None
        if _CODE.fullmatch(value.get_secret_value()) is None:
            raise ValueError("must be 8 to 64 letters, digits, - or _")
        return value

    @field_validator("matrix_user")
    @classmethod
    def _a_matrix_name(cls, value: str | None) -> str | None:
        if not value:
            return None
        name, _, server = value.partition(":")
        if not name.startswith("@") or len(name) < 2 or not server or any(c.isspace() for c in value):
            raise ValueError("must be a whole Matrix name such as @coach:example.org")
        return value

    @field_validator("matrix_password", "matrix_token")
    @classmethod
    def _not_empty(cls, value: SecretStr | None) -> SecretStr | None:
        return value if value is not None and value.get_secret_value() else None

    @field_validator("invite_policy")
    @classmethod
    def _who_may_invite(cls, value: str) -> str:
        names = [part.strip() for part in value.split(",") if part.strip()]
        if not names or ("everyone" in names and len(names) > 1):
            raise ValueError("must be `everyone`, or servers and people such as example.org, @ada:example.com")
        for name in names:
            person, _, server = name.rpartition(":") if name.startswith("@") else ("@", "", name)
            if not person or not server or any(c.isspace() for c in name):
                raise ValueError(f"{name} is neither a server nor a person such as @ada:example.com")
        return ",".join(names)

    @property
    def has_matrix(self) -> bool:
        return self.matrix_homeserver is not None

    @property
    def is_local_only(self) -> bool:
        """No messenger is configured."""
        return self.telegram_token is None and not self.has_matrix

    @property
    def serves_web(self) -> bool:
        """The web chat runs when asked for, or when nothing else would."""
        return self.web_port is not None or self.is_local_only

    @property
    def is_demo(self) -> bool:
        """Web is the only channel and bound to this machine: the only case in which an operator may be nameless."""
        return self.is_local_only and self.web_host in _LOOPBACK and self.web_origin is None

    @property
    def sqlite_path(self) -> Path | None:
        """The embedded database's file; `None` for PostgreSQL and for one in memory."""
        path = urlsplit(self.database_url.get_secret_value()).path if self.is_sqlite else ""
        return Path(path[1:]) if path not in {"", "/", "/:memory:"} else None

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.get_secret_value().startswith("sqlite")


def read_settings(environment: Mapping[str, str | None] | None = None, **given: Any) -> Settings:
    """Read and check. Raises `SettingsError` with one line for each wrong variable."""
    settings = glance(environment, **given)
    if not settings.is_demo and not (settings.operator_name and settings.operator_contact):
        raise SettingsError(
            f"{PREFIX}OPERATOR_NAME and {PREFIX}OPERATOR_CONTACT must say whose coach this is; "
            "without them only the local demo starts"
        )
    if settings.telegram_webhook_url and not settings.telegram_webhook_secret:
        raise SettingsError(f"{PREFIX}TELEGRAM_WEBHOOK_SECRET is needed with {PREFIX}TELEGRAM_WEBHOOK_URL")
    if (settings.telegram_webhook_url or "").startswith("http://") and settings.telegram_api_url == _TELEGRAM:
        raise SettingsError(f"{PREFIX}TELEGRAM_WEBHOOK_URL: must begin with https://, Telegram calls nothing else")
    if settings.signup == "code" and settings.signup_code is None:
        raise SettingsError(f"{PREFIX}SIGNUP_CODE is needed with {PREFIX}SIGNUP=code")
    _check_matrix(settings)
    return settings


def glance(environment: Mapping[str, str | None] | None = None, **given: Any) -> Settings:
    """The settings for commands that start no channel: each value is checked, not whether all is there to start one."""
    around = _surroundings() if environment is None else environment
    _refuse_unknown(around)
    try:
        return Settings(**{**given, **_from_files(around)})
    except ValidationError as error:
        raise SettingsError("\n".join(_line(problem) for problem in error.errors(include_input=False))) from None


def _refuse_unknown(environment: Mapping[str, str | None]) -> None:
    """A mistyped name, or a wish this version does not know (`DATA_KEY`), must not be passed over in silence."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | {f"{PREFIX}{name}_FILE" for name in SECRETS}
    ours = {name for name in environment if name.upper().startswith(PREFIX)}
    lines = []
    for name in sorted(name for name in ours if name.upper() not in known and not name.upper().startswith(_NOT_OURS)):
        meant = get_close_matches(name.upper(), known, 1, cutoff=0.85)
        lines.append(f"{name} is no setting of this version" + (f"; is {meant[0]} meant?" if meant else ""))
    if lines:
        raise SettingsError("\n".join(lines))


def _check_matrix(settings: Settings) -> None:
    """A homeserver needs a name and a way in. After the first login the password may go."""
    if not settings.has_matrix:
        return
    if settings.matrix_user is None:
        raise SettingsError(f"{PREFIX}MATRIX_USER is needed with {PREFIX}MATRIX_HOMESERVER")
    if settings.matrix_token is not None and not settings.matrix_device:
        raise SettingsError(f"{PREFIX}MATRIX_DEVICE is needed with {PREFIX}MATRIX_TOKEN")


def _surroundings() -> dict[str, str | None]:
    """The environment, before it what stands in `.env`: a secret's file may be named in either."""
    try:
        return {**dotenv_values(".env", encoding="utf-8"), **os.environ}
    except (OSError, UnicodeError) as error:
        raise SettingsError(f".env cannot be read: {_why(error)}") from None


def _from_files(environment: Any) -> dict[str, str]:
    """Secrets given as files, as container platforms do."""
    found: dict[str, str] = {}
    for name in SECRETS:
        path = environment.get(f"{PREFIX}{name}_FILE")
        if not path:
            continue
        try:
            found[name.lower()] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeError) as error:
            raise SettingsError(f"{PREFIX}{name}_FILE cannot be read: {_why(error)}") from None
    return found


def _why(error: OSError | UnicodeError) -> str:
    """Without the file's content, which a decoding error would quote."""
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else "it is not UTF-8 text"


def _line(problem: Any) -> str:
    name = "_".join(str(part) for part in problem["loc"]).upper()
    message = problem["msg"].removeprefix("Value error, ")
    return f"{PREFIX}{name}: {message}"
