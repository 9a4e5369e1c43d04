"""An open page of a run, as a browser keeps it up to date; imports Django.

page = Page(user, run, port)     opens it: session cookie, then the pass that the page gives
page.poll()                      what the page asks for every POLL_SECONDS; -> tests done, None: nothing new
"""

import http.client
import re
import time
from dataclasses import dataclass, field

from django.conf import settings
from django.test import Client
from django.urls import reverse

from tracks.models import Run, User

POLL_SECONDS = 1.0
"""Of hx-trigger in templates/tracks/run.html."""
ASKS = re.compile(r'id="run-live" hx-get="([^"]+)"')
DONE = re.compile(r'<progress max="\d+" value="(\d+)"')


@dataclass
class Page:
    user: User
    run: Run
    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    asks: str = ""
    """What it asks for; "" once the run has ended."""
    waits: list[float] = field(default_factory=list)
    """Seconds until each poll was answered."""

    def __post_init__(self) -> None:
        browser = Client()
        browser.force_login(self.user)
        self.cookies[settings.SESSION_COOKIE_NAME] = browser.cookies[settings.SESSION_COOKIE_NAME].value
        self._get(reverse("tracks:run", args=[self.run.project.slug, self.run.pk]))

    def poll(self) -> int | None:
        began = time.perf_counter()
        fragment = self._get(self.asks)
        self.waits.append(time.perf_counter() - began)
        done = DONE.search(fragment)
        return int(done[1]) if done else None

    def _get(self, path: str) -> str:
        """Raises AssertionError where the answer is none that the page expects."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request("GET", path, headers={"Cookie": cookie, "HX-Request": "true"})
        answer = connection.getresponse()
        text = answer.read().decode()
        assert answer.status in (200, 204), (path, answer.status, text[:500])
        for header in answer.msg.get_all("Set-Cookie", ()):
            name, _, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
        connection.close()
        if answer.status == 200:
            asks = ASKS.search(text)
            self.asks = asks[1].replace("&amp;", "&") if asks else ""
        return text
