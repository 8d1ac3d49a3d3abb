"""What is changed of Rasa to serve and train fast in little memory; every change names what it replaces and why.

`CACIMA_STOCK_RASA=1` leaves Rasa as shipped. tests/runtime/test_adaptations.py fails when a release of Rasa changes
what is replaced here.
"""

from __future__ import annotations

import sys

from bot.settings import read_settings

UNMASKED = "CACIMA_STOCK_RASA is set: nothing is masked, and nobody can erase a conversation by asking."


def apply() -> None:
    """To be called once Rasa may be imported, before a model is loaded."""
    if wanted():
        from bot.runtime.adaptations import (
            action_results,
            event_types,
            every_turn,
            graph_order,
            session_turns,
            store_failures,
            training_graph,
        )

        action_results.apply()
        event_types.apply()
        every_turn.apply()
        graph_order.apply()
        session_turns.apply()
        store_failures.apply()
        training_graph.apply()


def apply_to_stock() -> None:
    """To be called where Rasa's own commands open our store: what is kept must be masked there too.

    Nothing else is changed. CACIMA_STOCK_RASA=1 leaves even this, and is told what it leaves.
    """
    if wanted():
        from bot.runtime.adaptations import every_turn

        every_turn.apply()
    else:
        print(UNMASKED, file=sys.stderr, flush=True)


def apply_to_training() -> None:
    """To be called before a model is trained. What is learnt is the same."""
    if wanted():
        from bot.runtime.adaptations import model_archive, training_messages

        model_archive.apply()
        training_messages.apply()


def wanted() -> bool:
    """Whether Rasa is changed: CACIMA_STOCK_RASA does not say otherwise. Raises BadSettings."""
    return not read_settings().stock_rasa
