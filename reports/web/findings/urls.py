"""The addresses of findings."""

from django.urls import path

from reports.web.findings import (
    branch,
    changing,
    claiming,
    editing,
    exporting,
    finding,
    listing,
    shortlists,
)

TRACK = "p/<slug:project>/s/<slug:sprint>/t/<str:key>"
FINDING = f"{TRACK}/findings/<int:number>"

urlpatterns = [
    path("findings/", shortlists.my_findings, name="my_findings"),
    path("p/<slug:project>/findings/", listing.findings, name="findings"),
    path("p/<slug:project>/findings/change", changing.change_findings, name="change_findings"),
    path("p/<slug:project>/findings.csv", exporting.findings_csv, name="findings_csv"),
    path("p/<slug:project>/findings.md", exporting.findings_markdown, name="findings_markdown"),
    path("p/<slug:project>/branches/<path:branch>/", branch.branch, name="branch"),
    path("p/<slug:project>/claims/<int:claim>/withdraw", claiming.withdraw_claim, name="withdraw_claim"),
    path(f"{TRACK}/findings/", shortlists.track_findings, name="track_findings"),
    path(f"{TRACK}/findings/new", editing.new_finding, name="new_finding"),
    path(f"{TRACK}/claim", claiming.claim_fix, name="claim_fix"),
    path(f"{FINDING}/", finding.finding, name="finding"),
    path(f"{FINDING}/edit", editing.edit_finding, name="edit_finding"),
    path(f"{FINDING}/status", finding.set_status, name="set_finding_status"),
    path(f"{FINDING}/decide", finding.decide, name="decide_finding"),
    path(f"{FINDING}/attach", finding.attach, name="attach_to_finding"),
    path(f"{FINDING}/comment", finding.comment, name="comment_finding"),
]
