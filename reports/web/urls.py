"""The addresses of the conclusions: runs and comparisons here, findings in ``findings.urls``."""

from django.urls import path

from reports.web import (
    comparing,
    criteria,
    deciding,
    diagnosing,
    fragments,
    gates,
    integrating,
    losses,
    pages,
    policies,
    predicted,
    proofs,
    ruling,
    waiving,
)
from reports.web.findings.urls import urlpatterns as finding_urlpatterns
from reports.web.report.urls import urlpatterns as report_urlpatterns

app_name = "reports"
TRACK = "p/<slug:project>/s/<slug:sprint>/t/<str:key>"
PAIR = "p/<slug:project>/compare/<int:base>..<int:head>"

urlpatterns = [
    path("p/<slug:project>/", pages.project, name="project"),
    path("p/<slug:project>/s/<slug:sprint>/", pages.sprint, name="sprint"),
    path("p/<slug:project>/s/<slug:sprint>/live", pages.sprint_live, name="sprint_live"),
    path("p/<slug:project>/s/<slug:sprint>/t/<str:key>/", pages.track, name="track"),
    path("p/<slug:project>/s/<slug:sprint>/gates/", policies.sprint_policy, name="sprint_policy"),
    path(f"{TRACK}/gates", gates.track_gates, name="track_gates"),
    path(f"{TRACK}/gates/rules/", policies.track_policy, name="track_policy"),
    path(f"{TRACK}/gates/<slug:gate>/waive/", waiving.waive, name="waive"),
    path("p/<slug:project>/waivers/<int:waiver>/withdraw/", waiving.withdraw_waiver, name="withdraw_waiver"),
    path(f"{TRACK}/losses/", losses.losses, name="losses"),
    path(f"{TRACK}/losses/accept/", losses.accept_losses, name="accept_losses"),
    path(f"{TRACK}/losses/withdraw/", losses.withdraw_losses, name="withdraw_losses"),
    path("p/<slug:project>/s/<slug:sprint>/integrations/", integrating.integrations, name="integrations"),
    path(
        "p/<slug:project>/s/<slug:sprint>/integrations/start",
        integrating.start_integration,
        name="start_integration",
    ),
    path("p/<slug:project>/integrations/<int:integration>/", integrating.integration, name="integration"),
    path(
        "p/<slug:project>/integrations/<int:integration>/live",
        integrating.integration_live,
        name="integration_live",
    ),
    path(
        "p/<slug:project>/integrations/<int:integration>/predictions/",
        predicted.predicted,
        name="predicted",
    ),
    path(
        "p/<slug:project>/integrations/<int:integration>/stop",
        integrating.stop_integration,
        name="stop_integration",
    ),
    path(
        "p/<slug:project>/runs/<int:run>/integration",
        integrating.integration_of_run,
        name="integration_of_run",
    ),
    path("p/<slug:project>/compare", comparing.compare, name="compare"),
    path(f"{PAIR}/diagnoses", diagnosing.pair_diagnoses, name="pair_diagnoses"),
    path(f"{PAIR}/diagnose", diagnosing.start_diagnosis, name="start_diagnosis"),
    path("p/<slug:project>/diagnoses/<int:diagnosis>/", diagnosing.diagnosis, name="diagnosis"),
    path("p/<slug:project>/diagnoses/<int:diagnosis>/live", diagnosing.diagnosis_live, name="diagnosis_live"),
    path("p/<slug:project>/diagnoses/<int:diagnosis>/stop", diagnosing.stop_diagnosis, name="stop_diagnosis"),
    path("p/<slug:project>/runs/<int:run>/clusters", fragments.run_clusters, name="run_clusters"),
    path("p/<slug:project>/runs/<int:run>/cascades", fragments.run_cascades, name="run_cascades"),
    path("p/<slug:project>/runs/<int:run>/deltas", fragments.run_deltas, name="run_deltas"),
    path("p/<slug:project>/runs/<int:run>/criteria", criteria.run_criteria, name="run_criteria"),
    path(
        "p/<slug:project>/runs/<int:run>/criteria/<int:criterion>/output",
        criteria.check_output,
        name="check_output",
    ),
    path("p/<slug:project>/runs/<int:run>/verdicts", ruling.run_verdicts, name="run_verdicts"),
    path("p/<slug:project>/runs/<int:run>/verdicts/confirm", ruling.confirm_all, name="confirm_all"),
    path("p/<slug:project>/verifications/<int:verification>/rule", ruling.rule, name="rule"),
    path(
        "p/<slug:project>/findings/<int:finding>/verdicts", ruling.finding_verdicts, name="finding_verdicts"
    ),
    path(
        "p/<slug:project>/verifications/<int:verification>/evidence",
        ruling.verdict_evidence,
        name="verdict_evidence",
    ),
    path("p/<slug:project>/runs/<int:run>/red-first", proofs.run_proofs, name="run_proofs"),
    path("p/<slug:project>/runs/<int:run>/red-first/start", proofs.start_proof, name="start_proof"),
    path(f"{TRACK}/decide", deciding.decide, name="decide"),
    path("p/<slug:project>/decisions/<int:decision>/", deciding.decision, name="decision"),
    *finding_urlpatterns,
    *report_urlpatterns,
]
