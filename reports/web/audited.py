"""Where the audit log's page leads for what this app shows."""

from django.urls import reverse

from reports.models import Badge, Decision, Diagnosis, Integration, Publication, RedFirst, ShareLink, Waiver
from tracks.web.audit_in_words import Page, add_page

add_page(
    "decision",
    Page(
        Decision.objects.only("kind", "sha"),
        lambda slug, found: reverse("reports:decision", args=[slug, found.pk]),
    ),
)
add_page(
    "waiver",
    Page(
        Waiver.objects.select_related("track__sprint"),
        lambda slug, found: reverse("reports:track", args=[slug, found.track.sprint.slug, found.track.key]),
    ),
)
add_page(
    "integration",
    Page(
        Integration.objects.only("pk"),
        lambda slug, found: reverse("reports:integration", args=[slug, found.pk]),
    ),
)
add_page(
    "diagnosis",
    Page(
        Diagnosis.objects.only("kind", "base_id", "head_id"),
        lambda slug, found: reverse("reports:diagnosis", args=[slug, found.pk]),
    ),
)
add_page(
    "redfirst",
    Page(
        RedFirst.objects.only("kind", "base_id", "head_id"),
        lambda slug, found: reverse("tracks:run", args=[slug, found.head_id]),
    ),
)
add_page(
    "publication",
    Page(
        Publication.objects.select_related("sprint").defer("content"),
        lambda slug, found: reverse("reports:publication", args=[slug, found.sprint.slug, found.number]),
    ),
)
add_page(
    "sharelink",
    Page(
        ShareLink.objects.select_related("publication__sprint").defer("publication__content"),
        lambda slug, found: reverse(
            "reports:publication", args=[slug, found.publication.sprint.slug, found.publication.number]
        ),
    ),
)
add_page(
    "badge",
    Page(
        Badge.objects.select_related("sprint", "track"),
        lambda slug, found: f"{reverse('reports:report', args=[slug, found.sprint.slug])}#badges",
    ),
)
