"""The API against its own description: schemathesis sends what the description allows and what it forbids."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from queue_server.api.problems import STATUS
from queue_server.api.rights import RIGHTS
from tests.support.server import Client, HallServer

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
SETTINGS = settings(
    max_examples=6,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_the_description_lists_every_operation(hall: HallServer) -> None:
    described = hall.nobody().http.get(hall.url + "/api/docs/openapi.json", timeout=5).json()
    operations = {operation["operationId"] for operation in operations_of(described)}
    assert operations == {name for name in RIGHTS if not name.startswith("local_")}
    issue = described["paths"]["/api/v1/tickets"]["post"]
    assert sorted(issue["responses"]) == ["200", "201", "4XX", "5XX"]
    assert described["components"]["schemas"]["IssueRequest"]["additionalProperties"] is False
    assert described["components"]["schemas"]["Problem"]["properties"]["code"] == {
        "type": "string",
        "enum": sorted(STATUS),
    }
    # A sentence, not the handler's name.
    assert [each["operationId"] for each in operations_of(described) if " " not in each["summary"]] == []


def operations_of(described: Any) -> list[Any]:
    return [each for path in described["paths"].values() for each in path.values() if "operationId" in each]


def test_the_page_of_the_description_needs_nothing_from_outside(hall: HallServer) -> None:
    page = hall.nobody().http.get(hall.url + "/api/docs", timeout=5)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    style = page.text.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"
    for code, status in STATUS.items():
        assert f"<td>{status}</td><td>{code}</td>" in page.text
    assert "请先登录" in page.text
    assert "/api/v1/windows/{window}/call-next" in page.text
    assert "http" not in page.text.replace(hall.url, "")
    assert "<script" not in page.text


@pytest.mark.timeout(300)
def test_answers_are_as_described(hall: HallServer) -> None:
    """As manager, the widest rights; signing out, streams and passwords apart, which end the test itself."""
    chief = hall.person("chief")
    schema: Any = schemathesis.openapi.from_url(hall.url + "/api/docs/openapi.json")
    apart = {"sign_out", "stream", "change_password", "sign_in"}
    answered: list[str] = []
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.definition.raw["operationId"] in apart:
            continue

        send = SETTINGS(given(case=operation.as_strategy())(sender(chief)))
        send()
        answered.append(operation.definition.raw["operationId"])
    assert len(answered) == len(RIGHTS) - len(apart) - len([name for name in RIGHTS if name.startswith("local_")])


def sender(chief: Client) -> Callable[[Any], None]:
    def send(case: Any) -> None:
        headers = {"Origin": chief.url}
        case.call_and_validate(base_url=chief.url, session=chief.http, headers=headers, checks=CHECKS, timeout=10)

    return send
