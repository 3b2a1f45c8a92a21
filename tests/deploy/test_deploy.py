"""What stands in deploy/ must fit the code it runs: settings, commands and files are compared, not repeated."""

import os
import re
import shlex
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import SecretStr
from pydantic_core import PydanticUndefined
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from bot.cli import _parser
from bot.settings import PREFIX, SECRETS, Settings

TOP = Path(__file__).parents[2]
DEPLOY = TOP / "deploy"
KNOWN = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | {f"{PREFIX}{name}_FILE" for name in SECRETS}
EXAMPLE = (DEPLOY / ".env.example").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
UNIT = (DEPLOY / "rueckgrat.service").read_text(encoding="utf-8")
README = (DEPLOY / "README.md").read_text(encoding="utf-8")


# .env.example


def test_the_example_lists_every_setting_once_and_no_other() -> None:
    listed = re.findall(rf"^#?({PREFIX}\w+)=", EXAMPLE, re.MULTILINE)

    assert sorted(listed) == sorted(KNOWN)


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_the_example_shows_the_default(name: str) -> None:
    shown = re.search(rf"^#?{PREFIX}{name.upper()}=(.*)$", EXAMPLE, re.MULTILINE)
    default = Settings.model_fields[name].default
    plain = default.get_secret_value() if isinstance(default, SecretStr) else default

    assert shown is not None
    assert plain is not PydanticUndefined
    assert shown[1] == ("" if plain is None else str(plain))


def test_each_line_of_the_example_is_explained_by_the_line_above() -> None:
    lines = EXAMPLE.splitlines()
    bare = [line for above, line in pairwise(lines) if "=" in line and not above.startswith("# ")]

    assert bare == []


def test_an_unchanged_example_starts_the_local_demo() -> None:
    assert Settings(_env_file=DEPLOY / ".env.example").is_demo


# Whatever names a setting or a command


def test_systemd_never_gives_up() -> None:
    """An outage of the database, or a fault at the start, must not leave a call for help unanswered for good."""
    lines = UNIT.splitlines()
    assert "StartLimitIntervalSec=0" in lines
    assert "Restart=on-failure" in lines


@pytest.mark.parametrize("file", ["compose.yaml", "Dockerfile", "rueckgrat.service", "README.md"])
def test_only_settings_that_exist_are_named(file: str) -> None:
    named = set(re.findall(rf"{PREFIX}[A-Z_]*[A-Z]", (DEPLOY / file).read_text(encoding="utf-8")))

    assert named <= KNOWN


def test_the_commands_of_the_readme_exist() -> None:
    words = "run|chat|doctor|content|picture|db|export|erase|goodbye"
    typed = re.findall(rf"(?:^|[`/ ])rueckgrat ((?:{words})\b[^`\n]*)", README)
    assert typed

    for line in typed:
        filled = line.replace("MEMBER", "1").replace("DATE", "2027-01-31")
        _parser().parse_args(shlex.split(filled))  # ends the test with exit 2 if it does not


# Locks


@pytest.mark.parametrize("file", ["requirements.lock", "requirements-dev.lock", "requirements-build.lock"])
def test_locks_pin_hashes_and_name_no_host(file: str) -> None:
    pinned = re.compile(r"[a-z0-9][a-z0-9._-]*==[^ ]+(?: ; [^\\]+)? \\")
    hashed = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")
    lines = (TOP / file).read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if not pinned.fullmatch(line) and not hashed.fullmatch(line)] == []
    unhashed = [a for a, b in pairwise([*lines, ""]) if pinned.fullmatch(a) and not hashed.fullmatch(b)]
    assert unhashed == []


# Dockerfile


def stages() -> list[list[tuple[str, str]]]:
    """Instructions with their words, stage by stage."""
    joined = re.sub(r"\\\n", " ", re.sub(r"^\s*#.*\n", "", DOCKERFILE, flags=re.MULTILINE))
    found: list[list[tuple[str, str]]] = []
    for line in joined.splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            found.append([])
        if found and word:
            found[-1].append((word, rest.strip()))
    return found


def test_the_image_ends_without_root_and_without_build_tools() -> None:
    last = stages()[-1]
    users = [rest for word, rest in last if word == "USER"]
    commands = " ".join(rest for word, rest in last if word == "RUN")

    assert len(stages()) == 2
    assert users
    assert users[-1].split(":")[0] not in {"0", "root"}
    assert "pip uninstall" in commands
    assert " install --" not in commands.replace("install --directory", "")
    assert not re.search(r"apt-get|pip install|build-essential|gcc", commands)


def test_the_image_stops_politely_and_is_watched() -> None:
    last = dict(stages()[-1])

    assert last["STOPSIGNAL"] == "SIGTERM"
    assert "/healthz" in last["HEALTHCHECK"]
    assert last["ENTRYPOINT"] == '["rueckgrat"]'
    _parser().parse_args(yaml.safe_load(last["CMD"]))


def test_the_builder_sees_what_it_copies_and_nothing_else() -> None:
    copied = {
        source
        for stage in stages()
        for word, rest in stage
        if word == "COPY" and "--from" not in rest
        for source in rest.split()[:-1]
    }
    ignore = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = {line.removeprefix("!") for line in ignore if line.startswith("!")}

    assert "*" in ignore
    assert copied == allowed
    assert all((TOP / source).exists() for source in copied)


def test_every_file_that_the_build_names_is_copied() -> None:
    """The wheel is built from a copy that lacks the tests: what pyproject.toml points to must be there."""
    project = (TOP / "pyproject.toml").read_text(encoding="utf-8")
    needed = set(re.findall(r'^(?:readme|path) = "([^"]+)"', project, re.MULTILINE))

    assert needed
    assert all(re.search(rf"^COPY .*{re.escape(file)}", DOCKERFILE, re.MULTILINE) for file in needed)


# Compose


# What `docker compose config` would refuse: keys it does not know, and names that stand nowhere. The Compose v2 that
# reads this file comes with an engine only; the keys are those of the Compose Specification that this project uses.
SERVICE_KEYS = {
    "build", "cap_add", "cap_drop", "command", "depends_on", "env_file", "environment", "healthcheck", "image",
    "init", "logging", "mem_limit", "networks", "pids_limit", "ports", "profiles", "read_only", "restart",
    "secrets", "security_opt", "shm_size", "stop_grace_period", "tmpfs", "volumes",
}  # fmt: skip
DEPENDS_ON = {"condition", "required", "restart"}
CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}
HEALTH = {"test", "interval", "timeout", "retries", "start_period", "start_interval", "disable"}


def faults_of(compose: dict[str, Any]) -> list[str]:
    """Everything in the file that Compose would not understand."""
    top = {key for key in compose if not key.startswith("x-")} - {"name", "services", "networks", "volumes", "secrets"}
    faults = [f"unknown: {key}" for key in sorted(top)]
    for name, service in compose["services"].items():
        faults += [f"{name}: unknown {key}" for key in sorted(service.keys() - SERVICE_KEYS)]
        faults += [f"{name}: neither image nor build"] if not {"image", "build"} & service.keys() else []
        faults += [f"{name}: unknown {key}" for key in sorted(service.get("healthcheck", {}).keys() - HEALTH)]
        for other, how in service.get("depends_on", {}).items():
            fits = how.keys() <= DEPENDS_ON and how.get("condition") in CONDITIONS
            faults += [] if other in compose["services"] and fits else [f"{name}: cannot depend on {other}"]
        for kind in ("networks", "secrets"):
            faults += [f"{name}: no {kind} {each}" for each in service.get(kind, ()) if each not in compose[kind]]
        named = [volume.split(":")[0] for volume in service.get("volumes", ())]
        faults += [
            f"{name}: no volume {each}" for each in named if each[0] not in "./" and each not in compose["volumes"]
        ]
    return faults


def test_compose_understands_every_key_and_finds_every_name() -> None:
    assert faults_of(COMPOSE) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("depends_on:", "depend_on:", "coach: unknown depend_on"),
        ("networks: [outside, database]", "networks: [outside, datbase]", "coach: no networks datbase"),
        ("- data:/var", "- dta:/var", "coach: no volume dta"),
        ("condition: service_healthy", "condition: healthy", "upgrade: cannot depend on postgres"),
        ("secrets: [database_url, telegram_token]", "secrets: [database_uri]", "coach: no secrets database_uri"),
        ("\nservices:", "\nversions: 3\nservices:", "unknown: versions"),
        ("start_period: 30s", "start_perod: 30s", "postgres: unknown start_perod"),
    ],
)
def test_a_slip_in_compose_would_be_seen(old: str, new: str, fault: str) -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    assert old in text

    assert fault in faults_of(yaml.safe_load(text.replace(old, new, 1)))


def test_by_default_only_the_coach_starts() -> None:
    services = COMPOSE["services"]

    assert [name for name, service in services.items() if "profiles" not in service] == ["coach"]
    assert {name for name, service in services.items() if service.get("profiles") == ["postgres"]} == {
        "upgrade",
        "postgres",
    }


def test_tables_are_upgraded_before_the_coach_starts() -> None:
    services = COMPOSE["services"]

    assert services["coach"]["depends_on"]["upgrade"]["condition"] == "service_completed_successfully"
    assert services["upgrade"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    _parser().parse_args(services["upgrade"]["command"])


def test_nothing_but_the_web_chat_is_published_and_that_to_this_machine_only() -> None:
    published = {name: service["ports"] for name, service in COMPOSE["services"].items() if "ports" in service}

    assert published == {"coach": ["127.0.0.1:8080:8080"]}
    assert COMPOSE["services"]["postgres"]["networks"] == ["database"]
    assert COMPOSE["networks"]["database"]["internal"] is True


@pytest.mark.parametrize(
    ("peer", "told", "seen"),
    [
        ("172.18.0.1", "203.0.113.7", "203.0.113.7"),
        ("172.18.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),  # what stood there before is the browser's own word
        ("203.0.113.9", "203.0.113.7", "203.0.113.9"),
    ],
)
async def test_behind_a_proxy_each_browser_has_limits_of_its_own(peer: str, told: str, seen: str) -> None:
    """In a container the proxy comes in from the network's gateway."""
    clients: list[str] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        clients.append(scope["client"][0])

    trusted = COMPOSE["services"]["coach"]["environment"]["FORWARDED_ALLOW_IPS"]
    scope: Any = {"type": "http", "client": (peer, 5), "headers": [(b"x-forwarded-for", told.encode())]}
    await ProxyHeadersMiddleware(app, trusted_hosts=trusted)(scope, None, None)  # type: ignore[arg-type]  # not called

    assert clients == [seen]


@pytest.mark.parametrize("name", sorted(COMPOSE["services"]))
def test_each_service_is_confined_and_secrets_are_files(name: str) -> None:
    service = COMPOSE["services"][name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert set(service["secrets"]) <= set(COMPOSE["secrets"])
    secret = {
        key: value for key, value in service["environment"].items() if re.search("TOKEN|PASSWORD|SECRET|URL", key)
    }
    assert secret
    assert all(key.endswith("_FILE") and value.startswith("/run/secrets/") for key, value in secret.items())
    assert {value.removeprefix("/run/secrets/") for value in secret.values()} == set(service["secrets"])


def test_volumes_lie_where_the_image_writes() -> None:
    mounted = {volume.partition(":")[2] for volume in COMPOSE["services"]["coach"]["volumes"]}
    written = set(yaml.safe_load(dict(stages()[-1])["VOLUME"]))

    assert mounted == written


# systemd


def directives() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in UNIT.splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def test_the_unit_runs_without_root_and_confined() -> None:
    unit = directives()

    assert unit["User"] == ["rueckgrat"]
    for name in ("NoNewPrivileges", "ProtectHome", "PrivateDevices", "PrivateTmp", "MemoryDenyWriteExecute"):
        assert unit[name] == ["yes"]
    assert unit["ProtectSystem"] == ["strict"]
    assert unit["CapabilityBoundingSet"] == [""]
    assert unit["RestrictAddressFamilies"] == ["AF_INET AF_INET6 AF_UNIX"]
    assert unit["SystemCallFilter"][0] == "@system-service"
    assert unit["LimitCORE"] == ["0"]


def test_the_unit_starts_the_coach_and_takes_the_token_as_a_credential() -> None:
    unit = directives()
    (start,) = unit["ExecStart"]
    (credential,) = unit["LoadCredential"]

    assert start.startswith("/opt/rueckgrat/bin/rueckgrat ")
    _parser().parse_args(start.split()[1:])
    assert f"{PREFIX}TELEGRAM_TOKEN_FILE=%d/{credential.partition(':')[0]}" in unit["Environment"]
    assert unit["RestartPreventExitStatus"] == ["2"]  # wrong settings: see bot.cli.main


def test_systemd_understands_the_unit_and_finds_little_exposed(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        missing = "systemd-analyze is not installed"
        if os.environ.get("RUECKGRAT_TEST_STRICT") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    copy = tmp_path / "rueckgrat.service"
    copy.write_text(UNIT.replace("/opt/rueckgrat/bin/rueckgrat run", "/bin/true"), encoding="utf-8")

    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", copy], capture_output=True, text=True, check=False
    )
    exposure = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", copy],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (verified.returncode, verified.stderr) == (0, "")
    assert exposure.returncode == 0, exposure.stdout
