"""The description of the website's channel is served, and true."""

from __future__ import annotations

from typing import Any

import requests
import schemathesis
import yaml
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from bot.channels.website import DESCRIPTION
from tests.conftest import ServedBot
from tests.website_client import Visitor

schema = schemathesis.openapi.from_dict(yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8")))
CHECKS = [not_a_server_error, response_schema_conformance, content_type_conformance]


def test_it_is_served(site: ServedBot) -> None:
    answer = requests.get(f"{site.url}/webhooks/website/openapi.yml", timeout=30)
    assert yaml.safe_load(answer.text)["openapi"].startswith("3.")


def test_it_leaves_no_address_out() -> None:
    from bot.channels.tokens import Tokens
    from bot.channels.website import WebsiteChannel
    from bot.channels.website_settings import Settings

    async def nothing(_: Any) -> None:
        return None

    blueprint = WebsiteChannel(Tokens(b"x"), Settings.read()).blueprint(nothing)
    served = {
        (route.uri, method)
        for route in blueprint._future_routes
        if not route.name.split(".")[-1].startswith(("refuse", "preflight", "nowhere", "describe"))
        for method in route.methods
    }
    described = {
        (path.removeprefix("/webhooks/website"), method.upper())
        for path, methods in schema.raw_schema["paths"].items()
        for method in methods
    }
    assert served == described != set()


@schema.parametrize()
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
def test_any_request_it_allows_is_answered_as_it_says(case: Any, site: ServedBot) -> None:
    token = Visitor(site.url).token  # anew: one that erased its conversation is good for nothing more
    case.call_and_validate(base_url=site.url, headers={"Authorization": f"Bearer {token}"}, checks=CHECKS, timeout=60)


@schema.parametrize()
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
def test_without_a_token_nothing_is_told(case: Any, site: ServedBot) -> None:
    answer = case.call(base_url=site.url, headers={"Authorization": "Bearer none"}, timeout=60)
    case.validate_response(answer, checks=CHECKS)
    assert answer.status_code >= 400 or case.path.endswith("/website/") or case.method == "OPTIONS"


def test_a_whole_conversation_fits_it(site: ServedBot) -> None:
    visitor = Visitor(site.url)
    visitor.say("C'est quoi un cluster ?")
    visitor.send(choice="/capabilities")
    operation = schema["/webhooks/website/messages"]["GET"]
    answer = requests.get(
        f"{site.url}/webhooks/website/messages", headers={"Authorization": f"Bearer {visitor.token}"}, timeout=30
    )
    assert len(answer.json()["messages"]) >= 4
    operation.validate_response(answer)
