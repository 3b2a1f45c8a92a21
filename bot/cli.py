"""The command line: one small function a command. Prints; everything else is done elsewhere."""

import argparse
import asyncio
import gc
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from getpass import getpass
from pathlib import Path

from bot.library.errors import ContentError, Problem
from bot.runtime.failures import CannotStartError
from bot.runtime.roles import ROLES, roles_of
from bot.settings import DEFAULT_CACHE, SettingsError, glance, read_settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code. Wrong settings and content are lines, never tracebacks."""
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except SettingsError as error:
        print(error, file=sys.stderr)
    except ContentError as error:
        print(error, file=sys.stderr)
    except CannotStartError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="rueckgrat", description="A coach for people with back pain.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="run the configured channels, worker and clock")
    run.add_argument(
        "--role", action="append", choices=sorted(ROLES), help="run only this part (PostgreSQL); repeatable"
    )
    run.add_argument("--new-bot", action="store_true", help="accept another bot account than the last one")
    run.set_defaults(run=_run)
    chat = commands.add_parser("chat", help="talk to the coach in the terminal")
    chat.add_argument("--lang", choices=("de", "en"), default=None)
    chat.set_defaults(run=_chat)
    commands.add_parser("doctor", help="check settings, database, content and tokens").set_defaults(run=_doctor)
    _content_commands(commands)
    _picture_commands(commands)
    _rules_commands(commands)
    _simulate_command(commands)
    _member_commands(commands)
    return parser


def _content_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    content = commands.add_parser("content", help="check or compile content/").add_subparsers(
        required=True, metavar="WHAT"
    )
    check = content.add_parser("check", help="validate all content")
    check.add_argument("--unreviewed", action="store_true", help="list what no clinician has signed")
    check.set_defaults(run=_content_check)
    compiled = content.add_parser("compile", help="write the one validated file that start-up reads")
    compiled.add_argument("root", nargs="?", type=Path)
    compiled.set_defaults(run=_content_compile)


def _picture_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    picture = commands.add_parser("picture", help="draw pictures").add_subparsers(required=True, metavar="WHAT")
    exercise = picture.add_parser("exercise", help="draw one exercise")
    exercise.add_argument("figure")
    exercise.add_argument("--level", type=int, default=1)
    exercise.add_argument("--theme", default="default", help="drawn as whom; /settings names them")
    exercise.add_argument("--format", choices=("png", "svg", "mp4", "gif"), default="png")
    exercise.add_argument("-o", "--output", type=Path, help="without it FIGURE-LEVEL.FORMAT here")
    exercise.set_defaults(run=_picture)
    lock = picture.add_parser("lock", help="solve changed poses (authors; needs scipy)")
    lock.add_argument("figure", nargs="*", help="only these figures")
    lock.set_defaults(run=_picture_lock)
    sheet = picture.add_parser("sheet", help="draw the contact sheet")
    sheet.add_argument("-o", "--output", type=Path, required=True)
    sheet.set_defaults(run=_picture_sheet)
    picture.add_parser("warm", help="draw everything ahead into the cache").set_defaults(run=_picture_warm)


def _rules_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    rules = commands.add_parser("rules", help="ask the rules: JSON Lines in, JSON Lines out").add_subparsers(
        required=True, metavar="WHAT"
    )
    helps = {
        "triage": "screening answers to a disposition",
        "alarm": "free text to an alarm level",
        "plan": "a profile to the first programme and week",
        "progress": "days of one exercise to the decisions",
    }
    for name, text in helps.items():
        command = rules.add_parser(name, help=text)
        command.add_argument("--lang", choices=("de", "en"), default="de", help="language of the texts of `plan`")
        command.set_defaults(run=_rules, command=name)
    explain = rules.add_parser("explain", help="why the coach decided as it did for a member on a day")
    explain.add_argument("member", type=int)
    explain.add_argument("date", type=_day, help="the member's local date, as in 2026-11-24")
    explain.add_argument("--lang", choices=("de", "en"), default="de")
    explain.set_defaults(run=_explain)


def _simulate_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    simulate = commands.add_parser(
        "simulate", help="let virtual members live through the real coach, and show what came"
    )
    simulate.add_argument("--members", type=int, default=90)
    simulate.add_argument("--days", type=int, default=28)
    simulate.add_argument("--seed", type=int, default=1)
    simulate.add_argument("--json", action="store_true", help="the table as JSON")
    simulate.set_defaults(run=_simulate)


def _member_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    database = commands.add_parser("db", help="the database").add_subparsers(required=True, metavar="WHAT")
    database.add_parser("upgrade", help="bring the tables to the newest form").set_defaults(run=_db_upgrade)
    matrix = commands.add_parser("matrix", help="the Matrix account").add_subparsers(required=True, metavar="WHAT")
    for name, what in (("export", "its cross-signing seeds into a new file"), ("import", "them back from it")):
        seeds = matrix.add_parser(name, help=f"{what}; asks for a passphrase")
        seeds.add_argument("file", type=Path)
        seeds.add_argument("--passphrase-file", type=Path, metavar="FILE", help="holds the passphrase: nobody is asked")
        seeds.set_defaults(run=_seeds, bring_back=name == "import")
    export = commands.add_parser("export", help="a member's data as JSON; the member is told")
    export.add_argument("member", type=int)
    export.set_defaults(run=_export)
    erase = commands.add_parser("erase", help="erase a member for good")
    erase.add_argument("member", type=int)
    erase.set_defaults(run=_erase)
    goodbye = commands.add_parser("goodbye", help="close the service kindly: everybody gets one last note")
    goodbye.add_argument("--on", type=_day, metavar="DATE", help="the last day (default: in two weeks)")
    goodbye.set_defaults(run=_goodbye)


def _run(options: argparse.Namespace) -> int:
    gc.disable()  # nothing that start-up makes is garbage; `spare_collector` turns it on again
    from bot.runtime.lifecycle import run  # noqa: PLC0415  `content check` must not wait for web servers to load

    settings = read_settings()
    return asyncio.run(run(settings, roles=roles_of(settings, options.role), new_bot=options.new_bot))


def _chat(options: argparse.Namespace) -> int:
    from bot.runtime.chatting import chat  # noqa: PLC0415  see `_run`

    return asyncio.run(chat(read_settings(), language=options.lang))


def _doctor(_: argparse.Namespace) -> int:
    from bot.runtime.doctor import examine  # noqa: PLC0415  see `_run`

    findings = asyncio.run(examine(read_settings()))
    for finding in findings:
        print(finding)
    return 0 if all(finding.ok for finding in findings) else 1


def _content_check(options: argparse.Namespace) -> int:
    from bot.library.check import check_content, unreviewed  # noqa: PLC0415  linting is not needed to run

    root = _content_root()
    if options.unreviewed:
        print("\n".join(unreviewed(root)))
        return 0
    problems = check_content(root, check_pictures=lambda ids: _picture_problems(root, ids))
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{root}: {len(problems)} problems" if problems else f"{root}: all good")
    return 1 if problems else 0


def _picture_problems(root: Path, ids: frozenset[str]) -> list[Problem]:
    """Pictures the content names and nobody can draw, and poses no body can take."""
    from bot.pictures.author import check_all  # noqa: PLC0415  loads numpy
    from bot.pictures.spec import PictureSpec, PoseFileError, StaleLockError, UnknownFigureError  # noqa: PLC0415  numpy and company only when drawing
    from bot.pictures.studio import content_digest  # noqa: PLC0415  numpy and company only when drawing

    kept = Path(os.environ.get("RUECKGRAT_CACHE") or DEFAULT_CACHE) / "poses"
    wrong = check_all(root / "poses", kept)
    found = [Problem(f"poses/{p.figure}.yaml", f"level {p.level}", str(p), None) for p in wrong]
    for name in sorted(ids):
        figure, _, level = name.partition("/")
        try:
            content_digest(root / "poses", PictureSpec(figure, int(level), "still"))
        except (UnknownFigureError, PoseFileError, StaleLockError) as error:
            found.append(Problem(f"poses/{figure}.yaml", f"level {level}", str(error.args[0]), None))
    return found


def _content_compile(options: argparse.Namespace) -> int:
    from bot.library.compile import compile_content  # noqa: PLC0415  see `_run`

    print(compile_content(options.root or _content_root()))
    return 0


def _picture(options: argparse.Namespace) -> int:
    from bot.pictures.spec import PictureSpec, PoseFileError, StaleLockError, UnknownFigureError  # noqa: PLC0415  numpy and company only when drawing
    from bot.pictures.studio import draw  # noqa: PLC0415  see `_run`

    forms = {"png": "still", "svg": "still", "mp4": "clip", "gif": "gif"}
    spec = PictureSpec(options.figure, options.level, forms[options.format], options.theme)  # type: ignore[arg-type]  # argparse's choices
    output = options.output or Path(f"{options.figure}-{options.level}.{options.format}")
    try:
        if options.format == "svg":
            from bot.pictures.easel import still_svg  # noqa: PLC0415  loads numpy

            output.write_text(still_svg(_poses(), spec), encoding="utf-8")
        else:
            output.write_bytes(draw(_poses(), spec).data)
        if options.output is None:
            print(output)
    except (UnknownFigureError, PoseFileError, StaleLockError) as error:
        print(error.args[0], file=sys.stderr)
        return 1
    return 0


def _picture_lock(options: argparse.Namespace) -> int:
    from bot.pictures.author import solve_all  # noqa: PLC0415  loads scipy

    problems = solve_all(_poses(), options.figure)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _picture_sheet(options: argparse.Namespace) -> int:
    from bot.pictures.author import contact_sheet  # noqa: PLC0415  loads numpy

    contact_sheet(_poses(), options.output)
    return 0


def _picture_warm(_: argparse.Namespace) -> int:
    from bot.runtime.pictures import warm  # noqa: PLC0415  see `_run`

    print(f"{asyncio.run(warm(glance(), _content_root()))} pictures are ready")
    return 0


def _rules(options: argparse.Namespace) -> int:
    from bot.runtime.kitting import read_kit  # noqa: PLC0415  see `_run`
    from bot.shell.rules import run_rules  # noqa: PLC0415  see `_run`

    kitted = read_kit(glance())
    return 0 if run_rules(options.command, kitted, sys.stdin.buffer, sys.stdout.buffer, language=options.lang) else 1


def _day(told: str) -> date:
    try:
        return date.fromisoformat(told)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{told!r} should be a date as in 2026-11-24") from None


def _explain(options: argparse.Namespace) -> int:
    from bot.runtime.kitting import read_kit  # noqa: PLC0415  see `_run`
    from bot.shell.explain import explain_day, read_days  # noqa: PLC0415  see `_run`

    facts = asyncio.run(read_days(read_settings(), options.member, options.date.isoformat()))
    if facts is None:
        print(f"there is no member {options.member}", file=sys.stderr)
        return 1
    print("\n".join(explain_day(facts, options.date.isoformat(), read_kit(glance()).kit, options.lang)))
    return 0 if facts else 1


def _simulate(options: argparse.Namespace) -> int:
    from bot.runtime.collector import spare_collector  # noqa: PLC0415  see `_run`
    from bot.runtime.kitting import read_kit  # noqa: PLC0415  see `_run`
    from bot.shell.simulation import simulate  # noqa: PLC0415  see `_run`
    from bot.shell.table import as_json, as_table, broken, day_one_percent, rows  # noqa: PLC0415  see `_run`

    kitted = read_kit(glance())
    spare_collector()
    outcome = asyncio.run(simulate(options.members, options.days, options.seed, kitted))
    found, wrong = rows(outcome, kitted.kit.library), broken(outcome, kitted.kit.library)
    share = round(day_one_percent(outcome), 1)
    if options.json:
        print(json.dumps({"rows": as_json(found), "day_one_percent": share, "violations": wrong}, ensure_ascii=False))
    else:
        print("\n".join([*as_table(found), f"{share} % of ordinary members may exercise on the first day"]))
        print("\n".join([f"{len(wrong)} violations", *wrong]))
    return 1 if wrong else 0


def _db_upgrade(_: argparse.Namespace) -> int:
    from bot.runtime.members import upgrade  # noqa: PLC0415  see `_run`

    print("upgraded" if asyncio.run(upgrade(read_settings())) else "already the newest")
    return 0


def _seeds(options: argparse.Namespace) -> int:
    from bot.runtime.seeds import export_seeds, import_seeds  # noqa: PLC0415  see `_run`

    settings = read_settings()
    given: Path | None = options.passphrase_file
    try:
        passphrase = getpass("Passphrase: ") if given is None else given.read_text().strip()
    except OSError as error:
        raise CannotStartError(f"{given}: {error.strerror}") from None
    (import_seeds if options.bring_back else export_seeds)(settings, options.file, passphrase)
    done = "The seeds are back: start the coach." if options.bring_back else "Keep file and passphrase in two places."
    print(done)
    return 0


def _export(options: argparse.Namespace) -> int:
    from bot.runtime.members import export  # noqa: PLC0415  see `_run`

    data = asyncio.run(export(read_settings(), options.member))
    if data is None:
        print(f"there is no member {options.member}", file=sys.stderr)
        return 1
    print(json.dumps(data, ensure_ascii=False, indent=2))
    return 0


def _erase(options: argparse.Namespace) -> int:
    from bot.runtime.members import erase  # noqa: PLC0415  see `_run`

    if not asyncio.run(erase(read_settings(), options.member)):
        print(f"there is no member {options.member}", file=sys.stderr)
        return 1
    print(f"member {options.member} is erased")
    return 0


def _goodbye(options: argparse.Namespace) -> int:
    from bot.runtime.members import announce_end, announced  # noqa: PLC0415  see `_run`

    settings = read_settings()
    if settings.operator_name is None:
        raise CannotStartError("nobody is to be told: only the local demo runs without RUECKGRAT_OPERATOR_NAME")
    day, people = asyncio.run(announced(settings, options.on))
    print(f"{people} people use this coach. Each gets one last note: it ends on {day}, and all their data is erased.")
    print(f"Type the operator's name ({settings.operator_name}) to send it: ", end="", flush=True)
    if sys.stdin.readline().strip() != settings.operator_name:
        print("\nNothing was sent.", file=sys.stderr)
        return 1
    booked = asyncio.run(announce_end(settings, day))
    print(f"\n{booked} notes are booked; they leave by day while `rueckgrat run` runs.")
    print('Keep it running until that day is over: it erases everybody by itself. deploy/README.md, "Saying goodbye".')
    return 0


def _content_root() -> Path:
    from bot.library.compile import find_content  # noqa: PLC0415  see `_run`

    return glance().content or find_content()


def _poses() -> Path:
    return _content_root() / "poses"
