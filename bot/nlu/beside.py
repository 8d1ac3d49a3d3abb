"""Work done in a second process, on the second core: liblinear uses one, and its random numbers are the process's."""

from __future__ import annotations

import multiprocessing
from typing import Callable, TypeVar

Result = TypeVar("Result")


def beside(work: Callable[[], Result]) -> Callable[[], Result]:
    """Begins a piece of work; what is returned waits for its result, which must be picklable.

    Raises EOFError, then, where the work failed. Where processes cannot be forked, the work is done when asked for.
    """
    if "fork" not in multiprocessing.get_all_start_methods():
        return work
    forked = multiprocessing.get_context("fork")
    receiver, sender = forked.Pipe(duplex=False)
    process = forked.Process(target=lambda: sender.send(work()))  # forked: nothing needs to be copied over
    process.start()
    sender.close()  # the child's remains; without one, waiting ends

    def result() -> Result:
        try:
            return receiver.recv()  # type: ignore[no-any-return]
        finally:
            process.join()

    return result
