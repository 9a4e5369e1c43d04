"""The addresses of reports' files."""

from django.urls import URLPattern, path

from reports.web.report import files

SPRINT = "p/<slug:project>/s/<slug:sprint>"
EDITION = f"{SPRINT}/reports/<int:edition>"
RENDERING = "p/<slug:project>/report-files/<int:rendering>"

urlpatterns: list[URLPattern] = [
    path(f"{SPRINT}/report/files/<slug:kind>", files.draft_file, name="draft_file"),
    path(f"{SPRINT}/report/ask-for-pdf", files.ask_for_draft, name="ask_for_draft"),
    path(f"{EDITION}/files/<slug:kind>", files.edition_file, name="edition_file"),
    path(f"{EDITION}/ask-for-pdf", files.ask_for_edition, name="ask_for_edition"),
    path(f"{RENDERING}/", files.rendering, name="rendering"),
    path(f"{RENDERING}/live", files.rendering_live, name="rendering_live"),
    path(f"{RENDERING}/file", files.rendering_file, name="rendering_file"),
]
