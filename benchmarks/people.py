"""People in conversation, for locust (benchmarks/load.py starts it). PAUSE: seconds each thinks between turns."""

from __future__ import annotations

import os
import uuid

from locust import FastHttpUser, constant, task

from benchmarks.questions import CONVERSATION


class Person(FastHttpUser):
    """Asks one question after the other, and comes back as somebody else once all are answered."""

    wait_time = constant(float(os.environ.get("PAUSE", "0")))

    def on_start(self) -> None:
        self.name, self.turn = uuid.uuid4().hex, 0

    @task
    def ask(self) -> None:
        body = {"sender": self.name, "message": CONVERSATION[self.turn]}
        with self.client.post("/webhooks/rest/webhook", json=body, name="turn", catch_response=True) as response:
            answer = response.json() if response.status_code == 200 else []
            if not any(message.get("text") for message in answer):
                response.failure(f"no answer (status {response.status_code})")
        self.turn += 1
        if self.turn == len(CONVERSATION):
            self.on_start()
