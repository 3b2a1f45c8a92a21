"""Telegram through its Bot API: python-telegram-bot as typed client, our own loop for receiving."""

import os

os.environ.setdefault("PTB_TIMEDELTA", "1")  # retry_after as a timedelta; the number is deprecated
