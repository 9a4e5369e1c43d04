"""The addresses of the conclusions."""

from django.urls import path

from reports.web import comparing, criteria, diagnosing, fragments, pages

app_name = "reports"
PAIR = "p/<slug:project>/compare/<int:base>..<int:head>"

urlpatterns = [
    path("p/<slug:project>/", pages.project, name="project"),
    path("p/<slug:project>/s/<slug:sprint>/", pages.sprint, name="sprint"),
    path("p/<slug:project>/s/<slug:sprint>/live", pages.sprint_live, name="sprint_live"),
    path("p/<slug:project>/s/<slug:sprint>/t/<str:key>/", pages.track, name="track"),
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
]
