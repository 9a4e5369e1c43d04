"""The addresses of the facts: runs and tests here, people and set-up in ``setup_urls``."""

from django.urls import URLPattern, URLResolver, path

from tracks.web import (
    attachments,
    audit,
    failures,
    heads,
    notices,
    run_actions,
    runs,
    testcases,
    ticks,
    workers,
)
from tracks.web.setup_urls import urlpatterns as setup_urlpatterns

app_name = "tracks"

run_urlpatterns = [
    path("workers/", workers.workers, name="workers"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read", notices.read_notices, name="read_notices"),
    path("notices/choices", notices.choose_notices, name="choose_notices"),
    path("notices/<int:notice>/", notices.open_notice, name="open_notice"),
    path("p/<slug:project>/runs/", runs.runs, name="runs"),
    path("p/<slug:project>/runs/<int:run>/", runs.run, name="run"),
    path("p/<slug:project>/runs/<int:run>/live", runs.run_live, name="run_live"),
    path("p/<slug:project>/runs/<int:run>/log", runs.log, name="log"),
    path("p/<slug:project>/runs/<int:run>/cancel", run_actions.cancel, name="cancel"),
    path("p/<slug:project>/runs/<int:run>/first", run_actions.put_first, name="put_first"),
    path("p/<slug:project>/runs/<int:run>/tests/<int:number>/", failures.failure, name="failure"),
    path(
        "p/<slug:project>/runs/<int:run>/tests/<int:number>/text", failures.failure_text, name="failure_text"
    ),
    path(
        "p/<slug:project>/s/<slug:sprint>/baseline/start", run_actions.start_baseline, name="start_baseline"
    ),
    path("p/<slug:project>/s/<slug:sprint>/t/<str:key>/start", run_actions.start_track, name="start_track"),
    path("p/<slug:project>/s/<slug:sprint>/look", heads.look, name="look"),
    path("p/<slug:project>/runs/<int:run>/criteria/<int:criterion>/tick", ticks.tick, name="tick"),
    path("p/<slug:project>/attachments/<int:attachment>/", attachments.attachment, name="attachment"),
    path("p/<slug:project>/audit/", audit.audit_log, name="audit"),
    path("p/<slug:project>/audit.csv", audit.audit_csv, name="audit_csv"),
    path("p/<slug:project>/audit.json", audit.audit_json, name="audit_json"),
    path("p/<slug:project>/tests/", testcases.tests, name="tests"),
    path("p/<slug:project>/tests/<int:number>/", testcases.test, name="test"),
]

urlpatterns: list[URLPattern | URLResolver] = [*run_urlpatterns, *setup_urlpatterns]
