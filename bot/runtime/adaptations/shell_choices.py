"""In the terminal, choices are listed under the words and can be typed; nobody has to leave a menu to ask.

Replaces: rasa.core.channels.console._print_bot_output, which turns the choices of the last message into a menu that
takes the keyboard, and cannot be left where the input is a pipe.
"""

from __future__ import annotations

from typing import Any, Dict


def apply() -> None:
    import rasa.shared.utils.cli
    import rasa.shared.utils.io
    from rasa.core.channels import console

    def print_message(
        message: Dict[str, Any], is_latest_message: bool = False, color: Any = rasa.shared.utils.io.bcolors.OKBLUE
    ) -> None:
        """A message's words, then its choices by number."""
        if message.get("text"):
            rasa.shared.utils.cli.print_color(message["text"], color=color)
        for number, button in enumerate(message.get("buttons") or [], 1):
            rasa.shared.utils.cli.print_color(f"  {number}. {button['title']}", color=color)

    console._print_bot_output = print_message
