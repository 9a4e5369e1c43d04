"""What a person sees where there is nothing, where something was refused, and where we went wrong."""

import pytest
from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views.defaults import permission_denied

from tests import factories
from tests.tracks.web.pages import member, words
from tracks.web.uploads import LARGEST

pytestmark = pytest.mark.django_db


def test_an_address_that_leads_nowhere_says_so():
    project = factories.create_project()
    response = member(project).get(f"/p/{project.slug}/nowhere/")
    assert response.status_code == 404
    assert "There is nothing at this address" in words(response)


def test_a_form_without_its_token_is_refused_with_what_to_do():
    run = factories.start_run()
    client = Client(enforce_csrf_checks=True)
    client.force_login(run.project.created_by)
    response = client.post(f"/p/{run.project.slug}/runs/{run.pk}/cancel")
    assert response.status_code == 403
    assert "Go back, reload the page and try again." in words(response)


@pytest.mark.parametrize("headers", [{}, {"HTTP_HX_REQUEST": "true"}])
def test_a_body_that_is_too_large_is_refused_before_it_is_read(headers):
    response = Client().generic(
        "POST", "/accounts/login/", b"x=1", CONTENT_LENGTH=str(LARGEST + 1), **headers
    )
    assert response.status_code == 413
    assert "6.0 MiB were sent; a file may have 5 MiB. Attach the part" in words(response)
    assert not response.wsgi_request._read_started


def test_a_refusal_by_the_framework_is_a_page_of_ours():
    response = permission_denied(RequestFactory().get("/"), PermissionDenied())
    assert "You may not see this" in words(response)


def test_the_page_of_our_own_errors_needs_nothing_that_may_have_failed():
    assert "OMC QA itself went wrong" in render_to_string("500.html")
