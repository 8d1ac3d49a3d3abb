"""Rasa custom actions: read the tracker, ask bot.*, utter."""

import os

# `rasa run actions` would listen on every address of the machine and answer whoever asks: rasa_sdk reads this once it
# has imported us. Set it to another address where actions and Rasa run on two machines.
os.environ.setdefault("SANIC_HOST", "127.0.0.1")
