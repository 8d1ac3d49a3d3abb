"""A turn nobody sees: at the start, so that the first person need not wait; later, to tell whether the bot answers."""

from __future__ import annotations

from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.trackers import DialogueStateTracker

SENTENCE = "Combien de PTCE en France ?"
NOBODY = "rehearsal"


async def rehearse(agent: Agent) -> bool:
    """Takes a whole turn, without storing it; whether something was answered. Raises whatever breaks on the way."""
    processor: Any = agent.processor
    channel = CollectingOutputChannel()
    tracker = DialogueStateTracker(NOBODY, processor.domain.slots)
    message = UserMessage(SENTENCE, channel, NOBODY, input_channel="rest")
    await processor._update_tracker_session(tracker, channel)
    await processor._handle_message_with_tracker(message, tracker)
    tracker = await processor.run_action_extract_slots(channel, tracker)
    await processor._run_prediction_loop(channel, tracker)
    return bool(channel.messages)


async def parses(agent: Agent) -> bool:
    """Whether the model reads a sentence as something other than noise."""
    parsed = await agent.parse_message(SENTENCE)
    return bool((parsed.get("intent") or {}).get("name"))
