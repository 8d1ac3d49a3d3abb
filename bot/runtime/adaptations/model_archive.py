"""A model's archive written in two seconds instead of twenty-seven.

Replaces: the TarSafe that rasa.engine.storage.local_model_storage writes with. Python's tarfile compresses as hard as
gzip can; a classifier's weights hardly give way to it, so that the archive grows by an eighth only.
"""

from __future__ import annotations

from typing import Any

COMPRESSION = 1  # of gzip's nine levels


def apply() -> None:
    from rasa.engine.storage import local_model_storage
    from tarsafe import TarSafe

    class FastTarSafe(TarSafe):
        @classmethod
        def gzopen(cls, name: Any, mode: str = "r", fileobj: Any = None, **kwargs: Any) -> Any:
            return super().gzopen(name, mode, fileobj, **{"compresslevel": COMPRESSION, **kwargs})

    local_model_storage.TarSafe = FastTarSafe
