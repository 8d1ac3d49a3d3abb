"""Stock `rasa train` reports errors where telemetry was left on; the sentry-sdk pinned must still take its options."""

from __future__ import annotations

import pytest
import sentry_sdk
from rasa import telemetry


def test_errors_can_be_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    monkeypatch.setattr(telemetry, "is_telemetry_enabled", lambda: True)
    monkeypatch.setattr(telemetry, "sentry_write_key", lambda: "0123456789abcdef")
    monkeypatch.setattr(telemetry, "get_telemetry_id", lambda: "nobody")
    real = sentry_sdk.init
    monkeypatch.setattr(sentry_sdk, "init", lambda dsn, **options: started.append(real(**options)))  # without address
    telemetry.initialize_error_reporting()
    assert len(started) == 1
