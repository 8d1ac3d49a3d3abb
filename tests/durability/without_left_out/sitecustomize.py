"""On the path of a server, makes every package of deploy/left-out.txt impossible to import."""

import importlib.abc
import importlib.metadata
import sys
from pathlib import Path

_LIST = Path(__file__).resolve().parents[3] / "deploy" / "left-out.txt"
_NAMES = {line.strip() for line in _LIST.read_text().splitlines() if line.strip() and not line.startswith("#")}


def _modules() -> set:
    found = set()
    for module, packages in importlib.metadata.packages_distributions().items():
        if all(package.lower().replace("_", "-") in _NAMES for package in packages):
            found.add(module)
    return found


class _LeftOut(importlib.abc.MetaPathFinder):
    modules = _modules()

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in self.modules:
            raise ModuleNotFoundError(f"left out: {name}", name=name)


assert {"matplotlib", "PIL", "spacy_lookups_data"} <= _LeftOut.modules
sys.meta_path.insert(0, _LeftOut())
