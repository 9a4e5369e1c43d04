"""The addresses of the conclusions."""

from django.urls import path

from reports.web import comparing, fragments, pages

app_name = "reports"

urlpatterns = [
    path("p/<slug:project>/", pages.project, name="project"),
    path("p/<slug:project>/s/<slug:sprint>/", pages.sprint, name="sprint"),
    path("p/<slug:project>/s/<slug:sprint>/live", pages.sprint_live, name="sprint_live"),
    path("p/<slug:project>/s/<slug:sprint>/t/<str:key>/", pages.track, name="track"),
    path("p/<slug:project>/compare", comparing.compare, name="compare"),
    path("p/<slug:project>/runs/<int:run>/clusters", fragments.run_clusters, name="run_clusters"),
    path("p/<slug:project>/runs/<int:run>/deltas", fragments.run_deltas, name="run_deltas"),
]
