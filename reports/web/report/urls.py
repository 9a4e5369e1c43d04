"""The addresses of the Test Summary Report."""

from django.urls import URLPattern, path

from reports.web.report import editions, live

SPRINT = "p/<slug:project>/s/<slug:sprint>"
EDITION = f"{SPRINT}/reports/<int:edition>"

urlpatterns: list[URLPattern] = [
    path(f"{SPRINT}/report/", live.report, name="report"),
    path(f"{SPRINT}/report/publish/", live.publish, name="publish"),
    path(f"{EDITION}/", editions.publication, name="publication"),
]
