"""`python -m tests.botapi --port 0 [--fast] [--until-eof]`: prints its address and that of its control page.

The token comes from BOTAPI_TOKEN: command lines are public.
"""

import argparse
import asyncio
import os
import signal
import sys

from tests.botapi.control import control
from tests.botapi.double import TOKEN, BotApi


async def serve(options: argparse.Namespace) -> None:
    loop, end = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end.set)
    token = os.environ.get("BOTAPI_TOKEN", TOKEN)
    start = BotApi.start(token, port=options.port, verdicts=not options.fast)
    async with await start as double, control(double) as page:
        print(double.url, page, flush=True)  # noqa: T201 - a command line prints
        if options.until_eof:
            loop.add_reader(sys.stdin, end.set)  # nothing is ever written to it: readable means closed
        await end.wait()
        if options.until_eof:
            loop.remove_reader(sys.stdin)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.botapi")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--fast", action="store_true", help="no verdicts, no log: for benchmarks")
    parser.add_argument("--until-eof", action="store_true", help="end when standard input closes")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
