"""Examples made from those written, by putting a description in a name's place."""

from __future__ import annotations

from typing import List, Set

from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.described_examples import DESCRIBED, DescribedExamples

MADE = DescribedExamples({**DescribedExamples.get_default_config(), "share": 0.5})
SPOKEN = {"metadata": {"intent": {"language": "en"}}}


def example(text: str, **more: object) -> Message:
    return Message({TEXT: text, INTENT: "ask_count", **SPOKEN, **more})


def written() -> List[Message]:
    names = ("PTCEs", "grappes d'entreprises", "competitiveness clusters", "private clusters")
    return [example(f"how many {name} in number {n}?") for name in names for n in range(12)]


def described(examples: List[Message]) -> Set[str]:
    data = MADE.process_training_data(TrainingData(examples))
    return {f"{each.get(DESCRIBED)}: {each.get(TEXT)}" for each in data.training_examples if each.get(DESCRIBED)}


def test_a_share_of_the_named_examples_is_described() -> None:
    made = [text for text in described(written()) if "in number" in text]
    assert 12 < len(made) < 36  # of 48
    assert not any("PTCEs" in text for text in made if text.startswith("ptce"))


def test_one_more_description_changes_little_else() -> None:
    marked = example(
        "how many of the solidarity sort?",
        **{ENTITIES: [{"entity": "topic", "value": "ptce", "start": 9, "end": 31}]},
    )
    before, after = described(written()), described([marked, *written()])
    assert any("the solidarity sort" in text for text in after)
    assert {text for text in before if not text.startswith("ptce")} <= after
