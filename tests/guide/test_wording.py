"""What the guide says: this week's step fits the advice it stands under."""

from __future__ import annotations

import pytest

from bot.guide.model import guide_data
from bot.guide.wording import Speaker
from bot.knowledge.load import knowledge
from bot.words.folding import fold


@pytest.mark.parametrize(
    ("path", "need"), [("ptce", "social"), ("grappe_entreprises", "customers"), ("cacima", "takeover")]
)
def test_this_week_s_step_is_for_the_need_that_speaks_for_the_advice(path: str, need: str) -> None:
    speaker = Speaker(guide_data(), knowledge(), "en")
    steps = {step.need: step["en"] for step in guide_data().steps}
    answers = {"need": ("people", "takeover", "social", "customers")}
    assert fold(speaker.step(answers, path)) == fold(steps[need])
