"""Typed facts, operators over them, and the composed answer. Nothing of Rasa."""
