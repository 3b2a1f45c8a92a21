"""`python -m bot` is the same as `rueckgrat`."""

import sys

from bot.cli import main

sys.exit(main())
