"""What a channel is told where more turns are under way than can be answered soon."""

from __future__ import annotations


class Busy(Exception):
    """More turns are under way than can be answered soon: to be tried again in so many seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many turns are under way: try again in {seconds} s.")
        self.seconds = seconds
