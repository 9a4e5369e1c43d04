"""The addresses of the Test Summary Report."""

from django.urls import URLPattern, path, re_path

from reports.web.report import badges, editions, live, shared, sharing, writing
from reports.web.report.file_urls import urlpatterns as file_urlpatterns

SPRINT = "p/<slug:project>/s/<slug:sprint>"
WORDS = f"{SPRINT}/report/words/<slug:section>"
EDITION = f"{SPRINT}/reports/<int:edition>"
ADDRESS = "[A-Za-z0-9_-]{43}"
"""Of a badge, as ``secrets.token_urlsafe(32)`` makes them: nothing else is looked for."""

urlpatterns: list[URLPattern] = [
    path(f"{SPRINT}/report/", live.report, name="report"),
    path(f"{SPRINT}/report/publish/", live.publish, name="publish"),
    path(f"{WORDS}/", writing.edit_words, name="edit_words"),
    path(f"{WORDS}/confirm/", writing.confirm_words, name="confirm_words"),
    path(f"{WORDS}/drop/", writing.drop_words, name="drop_words"),
    path(f"{EDITION}/", editions.publication, name="publication"),
    path(f"{EDITION}/since/", editions.choose_other, name="choose_other"),
    path(f"{EDITION}/since/<int:other>/", editions.report_differences, name="report_differences"),
    path(f"{EDITION}/share/", sharing.share, name="share"),
    path("p/<slug:project>/share-links/<int:link>/revoke/", sharing.revoke, name="revoke_link"),
    path("r/<str:token>/", shared.shared, name="shared"),
    path("r/<str:token>/report.<slug:kind>", shared.shared_file, name="shared_file"),
    path(f"{SPRINT}/report/badges/", badges.make, name="make_badge"),
    path("p/<slug:project>/report-badges/<int:badge>/remove/", badges.remove, name="remove_badge"),
    re_path(rf"^badges/(?P<badge_token>{ADDRESS})\.svg\Z", badges.badge, name="badge"),
    *file_urlpatterns,
]
