"""What every message passes, whatever the channel it comes by.

Replaces: rasa.core.agent.Agent.handle_message, through which all channels hand messages in: what names or reaches a
person is masked before anything of the message is read, logged or kept; the turn is timed and told of. What is said
to be passed on to a person is taken out before that, into a draft of its own (bot/desk).
Replaces: rasa.core.processor.MessageProcessor.save_tracker, which ends a turn, inside the conversation's lock: a
conversation its person had erased is deleted instead. Rasa has no operation that deletes one.
"""

from __future__ import annotations

from typing import Any


def apply() -> None:
    from rasa.core.agent import Agent
    from rasa.core.processor import MessageProcessor

    from bot.channels.messenger.erasure import erase_messenger
    from bot.desk import capture
    from bot.observability import turns
    from bot.privacy import turn
    from bot.privacy.masking import mask, mask_all
    from bot.settings import data_folder
    from bot.store.conversations import unwrapped

    if getattr(Agent.handle_message, "adapted", False):
        return
    handle = Agent.handle_message
    save = MessageProcessor.save_tracker

    async def handle_message(self: Agent, message: Any) -> Any:
        await capture.capture(message, self)
        message.text = mask(message.text) if message.text else message.text
        message.metadata = mask_all(message.metadata)
        with turns.watched(message):
            return await handle(self, message)

    async def save_tracker(self: MessageProcessor, tracker: Any) -> None:
        turns.describe(tracker)
        capture.forget_said_back(tracker)
        if turn.is_to_be_erased(tracker):
            await unwrapped(self.tracker_store).delete(tracker.sender_id)
            # What waits there is of the conversation that begins now.
            await erase_messenger(data_folder(), tracker.sender_id, ("unsent",))
        else:
            await save(self, tracker)

    handle_message.adapted = True  # type: ignore[attr-defined]
    Agent.handle_message = handle_message
    MessageProcessor.save_tracker = save_tracker
    turn.enable()
    capture.enable()
