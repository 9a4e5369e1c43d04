"""What tests of pages share: who looks at them, what they say, how many queries they cost."""

import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tracks.models import Project
from tracks.statuses import Role


def member(project: Project, role: Role = Role.TESTER, name: str = "Tess") -> Client:
    """The browser of a member of the project."""
    client = Client()
    client.force_login(factories.create_member(project=project, role=role, name=name))
    return client


def words(response) -> str:
    """What the page says, without its tags and with single spaces."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", text)


def queries_of(client: Client, path: str) -> int:
    """How many queries one view of the page costs."""
    client.get(path)  # what is only made once, such as the session's, is made here
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def htmx(client: Client, path: str, **data: object):
    """The answer to a form that htmx posts."""
    return client.post(path, data, headers={"HX-Request": "true"})
