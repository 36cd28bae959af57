"""A shelf is a folder in which every file is one thing of one kind.

The file's name is the thing's code, its class carries the same name in CamelCase, the class' docstring is its manual
and its typed fields are its form. To add a thing, add a file; no list is kept anywhere.

The folders named in the environment variable FESTOON_SHELVES (separated as in PATH) may hold folders of the same
names; what lies there has the same rights and passes the same checks.
"""

from __future__ import annotations

import importlib.util
import inspect
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Generic, TypeVar

from festoon.base.form import fields

Thing = TypeVar("Thing")


class ShelfError(ImportError):
    """A file on a shelf breaks the shelf's rules."""


class Shelf(Generic[Thing]):
    """The things of one kind: a lazy mapping from code to class.

    `package` is the import path of the folder; `kind` the class that every thing extends.
    """

    def __init__(self, package: str, folder: str | Path, kind: type[Thing]) -> None:
        self.package, self.folder, self.kind = package, Path(folder), kind
        self._found: dict[str, type[Thing]] | None = None

    @property
    def name(self) -> str:
        """The folder's name, such as "conditions"."""
        return self.package.rsplit(".", 1)[-1]

    def __getitem__(self, code: str) -> type[Thing]:
        return self._all()[code]

    def __contains__(self, code: object) -> bool:
        return code in self._all()

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def codes(self) -> list[str]:
        """Every code, in alphabetical order."""
        return list(self._all())

    def get(self, code: str) -> type[Thing] | None:
        """The thing of that code, or None."""
        return self._all().get(code)

    def _all(self) -> dict[str, type[Thing]]:
        if self._found is None:
            found: dict[str, type[Thing]] = {}
            for file in sorted(self._files(), key=lambda f: f.stem):
                if file.stem in found:
                    raise ShelfError(f"{file}: the code {file.stem!r} is already on the shelf {self.name}")
                found[file.stem] = self._take(file)
            self._found = found
        return self._found

    def _files(self) -> Iterator[Path]:
        extra = [Path(p) / self.name for p in os.environ.get("FESTOON_SHELVES", "").split(os.pathsep) if p]
        for folder in (self.folder, *extra):
            yield from (f for f in folder.glob("*.py") if not f.stem.startswith("_"))

    def _take(self, file: Path) -> type[Thing]:
        module, wanted = self._module(file), "".join(part.title() for part in file.stem.split("_"))
        cls = getattr(module, wanted, None)
        if not (inspect.isclass(cls) and issubclass(cls, self.kind)):
            raise ShelfError(f"{file}: must define class {wanted}({self.kind.__name__})")
        manual = str(cls.__dict__.get("__doc__") or "").strip()
        if not manual or manual.startswith(f"{wanted}("):
            raise ShelfError(f"{file}: {wanted} has no docstring, and the docstring is its manual")
        if "__dataclass_params__" not in cls.__dict__ or not cls.__dict__["__dataclass_params__"].frozen:
            raise ShelfError(f"{file}: {wanted} must be a frozen dataclass")
        try:
            fields(cls)
        except TypeError as fault:
            raise ShelfError(f"{file}: {fault}") from fault
        return cls

    def _module(self, file: Path) -> ModuleType:
        if file.parent == self.folder:
            return importlib.import_module(f"{self.package}.{file.stem}")
        name = f"{self.package}.extra.{file.stem}"
        spec = importlib.util.spec_from_file_location(name, file)
        if spec is None or spec.loader is None:
            raise ShelfError(f"{file}: cannot be read")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        return module


def code_of(thing: object) -> str:
    """The code of a thing on a shelf, or of its class: the name of its file."""
    cls = thing if inspect.isclass(thing) else type(thing)
    return cls.__module__.rsplit(".", 1)[-1]
