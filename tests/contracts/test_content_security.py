"""No page needs an inline script or style: the policy forbids them, and none is there."""

from html.parser import HTMLParser

import pytest
from django.test import Client

from tests.contracts.addresses import Address, World, addresses
from tracks.statuses import Role

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}


class Inline(HTMLParser):
    """Collects what the policy would block."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(f"<{tag}>")
        self.found += [f"<{tag} {name}>" for name in names if name == "style" or name.startswith("on")]
        self.found += [f"<{tag} {name}>" for name, value in attrs if (value or "").startswith("javascript:")]


def assert_strict(response) -> None:
    if "text/html" in response.get("Content-Type", ""):
        parser = Inline()
        parser.feed(response.content.decode())
        assert parser.found == []
    assert set(response["Content-Security-Policy"].split("; ")) >= POLICY


@pytest.mark.parametrize("address", addresses(), ids=str)
def test_no_page_holds_what_the_policy_forbids(address: Address, world: World):
    lead = Client()
    lead.force_login(world.members[Role.LEAD])
    for client in (Client(), lead):
        assert_strict(client.get(world.path(address)))


def test_nor_do_refusals(world: World):
    reader = Client()
    reader.force_login(world.members[Role.READER])
    for path in ("/nothing/", "/p/ledger/settings/", "/invitations/x/", "/sign-in/x/"):
        assert_strict(reader.get(path))
