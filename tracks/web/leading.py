"""Where an answer leads to."""

from urllib.parse import urldefrag

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from tracks.web.access import SignedInRequest


def lead_to(request: SignedInRequest, address: str) -> HttpResponseBase:
    """Go to that page. One that the browser is on already is loaded again: going to a section of it would
    show what it showed before."""
    if not request.htmx:
        return redirect(address)
    if urldefrag(request.htmx.current_url_abs_path or "").url == urldefrag(address).url:
        return HttpResponseClientRefresh()
    return HttpResponseClientRedirect(address)
