"""What a build of the package may do beside copying files: compile the engine, where FESTOON_COMPILE=1 asks for it.

    FESTOON_COMPILE=1 pip install .

Without it the package is pure Python, and the same.
"""

from __future__ import annotations

import os
import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledEngine(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the compiled modules beside their sources in the wheel."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """The compiler of Python, when it is asked for."""
        return ["mypy>=1.18", "setuptools>=65"] if asked() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Before the files of a wheel are collected; an editable install stays interpreted."""
        if not asked() or version == "editable":
            return
        build = runpy.run_path(str(Path(self.root) / "tools" / "compiled.py"))
        folder = build["build"]()
        build_data["pure_python"], build_data["infer_tag"] = False, True
        for made in sorted(folder.rglob("*.so")) + sorted(folder.rglob("*.pyd")):
            build_data["force_include"][str(made)] = str(made.relative_to(folder))


def asked() -> bool:
    """Whether a compiled engine is wanted."""
    return os.environ.get("FESTOON_COMPILE") == "1"
