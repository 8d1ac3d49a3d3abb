"""Rasa custom actions: read the tracker, ask bot.*, utter."""
