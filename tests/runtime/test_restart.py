"""A restart in mid-conversation forgets nothing."""

from __future__ import annotations

from pathlib import Path

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
    """The same questions and the same result as in a guide that nothing interrupts, in both languages."""
    talks = {
        "fr": ("Quel cluster pour moi ?", "je ne sais pas"),
        "en": ("Which cluster is right for me?", "I don't know"),
    }
    restarted = ServedBot(tmp_path).start()
    try:
        for turn in range(8):
            for language, (start, unsure) in talks.items():
                text = unsure if turn else start
                said, expected = (served.say(f"restart-{language}", text) for served in (restarted, bot))
                assert [m["text"].split("http")[0] for m in said] == [m["text"].split("http")[0] for m in expected]
            restarted.stop()
            restarted.start()
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
