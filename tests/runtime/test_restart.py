"""A restart in mid-conversation forgets nothing."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import List

from tests.conftest import ServedBot


def test_a_restart_forgets_nothing(tmp_path: Path) -> None:
    bot = ServedBot(tmp_path).start()
    try:
        assert "late 2015" in bot.say("anna", "What is a PTCE?")[0]["text"]
        bot.say("ben", "Quel cluster pour moi ?")
        bot.say("ben", "je suis menuisier")
        bot.stop()
        bot.start()
        assert "23 PTCEs" in bot.say("anna", "and how many?")[0]["text"]
        assert "?" in bot.say("ben", "je ne sais pas")[0]["text"]
    finally:
        bot.stop()


def test_a_restart_at_every_question_of_the_guide(tmp_path: Path, bot: ServedBot) -> None:
    """The same questions and the same result as in a guide that nothing interrupts, in both languages.

    One restart finds somebody at each question, a second one everybody a question further on.
    """
    talks = {
        "fr": ["Quel cluster pour moi ?", *["je ne sais pas"] * 7],
        "en": ["Which cluster is right for me?", *["I don't know"] * 7],
    }

    def said(served: ServedBot, sender: str, text: str) -> List[str]:
        return [message["text"].split("http")[0] for message in served.say(sender, text)]

    expected = {
        language: [said(bot, f"restart-{language}", text) for text in texts] for language, texts in talks.items()
    }
    restarted = ServedBot(tmp_path).start()
    try:
        for part in ("before", "at", "after"):
            if part != "before":
                restarted.stop()
                restarted.start()
            for language, reached in itertools.product(talks, range(1, 8)):
                turns = {"before": range(reached), "at": range(reached, reached + 1), "after": range(reached + 1, 8)}
                for turn in turns[part]:
                    answer = said(restarted, f"restart-{language}-{reached}", talks[language][turn])
                    assert answer == expected[language][turn], (language, reached, turn)
    finally:
        restarted.stop()


def test_a_missing_model_or_bad_data_stops_the_start_in_one_line(tmp_path: Path) -> None:
    import os
    import subprocess
    import sys

    from tests.conftest import ROOT

    environment = {**os.environ, "CACIMA_MODEL": str(tmp_path / "none.tar.gz"), "CACIMA_DATA": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "bot.runtime.serve"], cwd=ROOT, env=environment, capture_output=True, timeout=120
    )
    assert done.returncode == 1
    assert b"make train" in done.stderr
    assert b"Traceback" not in done.stderr
