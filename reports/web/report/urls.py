"""The addresses of the Test Summary Report."""

from django.urls import URLPattern, path

from reports.web.report import badges, editions, live, shared, sharing

SPRINT = "p/<slug:project>/s/<slug:sprint>"
EDITION = f"{SPRINT}/reports/<int:edition>"

urlpatterns: list[URLPattern] = [
    path(f"{SPRINT}/report/", live.report, name="report"),
    path(f"{SPRINT}/report/publish/", live.publish, name="publish"),
    path(f"{EDITION}/", editions.publication, name="publication"),
    path(f"{EDITION}/share/", sharing.share, name="share"),
    path("p/<slug:project>/share-links/<int:link>/revoke/", sharing.revoke, name="revoke_link"),
    path("r/<str:token>/", shared.shared, name="shared"),
    path(f"{SPRINT}/report/badges/", badges.make, name="make_badge"),
    path("p/<slug:project>/report-badges/<int:badge>/remove/", badges.remove, name="remove_badge"),
    path("badges/<str:token>.svg", badges.badge, name="badge"),
]
