"""Facebook Messenger: Meta's webhook in, its Graph API out (docs/messenger.md).

A webhook is checked and its events are written down (`inbox`) before it is answered; a worker a person (`desk`) then
takes each event through a turn of the bot (`turn`), shapes what was said (`shape`) and sends it (`graph`).
"""

from bot.channels.messenger.channel import MessengerChannel

__all__ = ["MessengerChannel"]
