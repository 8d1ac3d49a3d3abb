"""What is asked in the measurements; imports nothing, as locust has an environment of its own."""

from __future__ import annotations

QUESTIONS = ["combien de PTCE ?", "who can join a business cluster?", "c'est quoi une grappe ?", "what is the FUI?"]
STORY = "Bonjour, je tiens une petite menuiserie à Miquelon avec deux salariés. Quels sont les secteurs des grappes ?"
CONVERSATION = [*QUESTIONS, STORY, "et les PTCE ?", "who do I contact?", "merci"]
