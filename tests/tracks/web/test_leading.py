"""Where an answer leads to, as htmx is told."""

import pytest
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from tracks.web.leading import lead_to

TRACK = "/p/ledger/s/sprint-1/t/A/"


def answer(address: str, *, at: str) -> tuple[str, str]:
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{at}"}
    request = RequestFactory().post("/", headers=headers)
    request.htmx = HtmxDetails(request)
    told = lead_to(request, address).headers
    return told.get("HX-Redirect", ""), told.get("HX-Refresh", "")


@pytest.mark.parametrize("at", [TRACK, f"{TRACK}#gates"])
def test_a_section_of_the_same_page_loads_it_again(at):
    assert answer(f"{TRACK}#gates", at=at) == ("", "true")


@pytest.mark.parametrize("at", ["/p/ledger/", f"{TRACK}?iteration=0"])
def test_another_page_is_gone_to(at):
    assert answer(f"{TRACK}#gates", at=at) == (f"{TRACK}#gates", "")


def test_without_htmx_the_browser_is_redirected():
    request = RequestFactory().post("/")
    request.htmx = HtmxDetails(request)
    assert lead_to(request, TRACK).headers["Location"] == TRACK
