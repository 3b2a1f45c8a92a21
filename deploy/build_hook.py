"""Puts `content/` into the wheel, with a compiled file made fresh from it; wrong content builds no wheel.

Works on a copy: neither a source folder nor an unpacked source archive is written to.
"""

# ruff: noqa: INP001  loaded by its path, never imported

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ContentHook(BuildHookInterface[Any]):
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return  # reads content/ where it stands
        self._workplace = tempfile.TemporaryDirectory(prefix="rueckgrat-content-")
        content = Path(self._workplace.name) / "content"
        shutil.copytree(Path(self.root) / "content", content)
        _compile(content, Path(self.root))
        build_data["force_include"][str(content)] = "bot/content"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        del build_data, artifact_path
        if version != "editable":
            self._workplace.cleanup()


def _compile(content: Path, root: Path) -> None:
    """With the code of this very tree, whatever else is installed."""
    sys.path.insert(0, str(root))
    try:
        from bot.library.compile import compile_content  # noqa: PLC0415  found only from here on
    finally:
        sys.path.remove(str(root))
    compile_content(content).chmod(0o644)
