"""What people attached, as a download: a browser never shows it as a page of ours."""

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header

from tracks.models import Attachment
from tracks.permissions import Permission
from tracks.web.access import ProjectRequest, in_project


@in_project(Permission.READ)
def attachment(request: ProjectRequest, attachment: int) -> HttpResponse:
    project = request.at.project
    of_project = Q(finding__track__sprint__project=project) | Q(tick__run__project=project)
    found = get_object_or_404(Attachment.objects.filter(of_project), pk=attachment)
    return HttpResponse(
        bytes(found.content),
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": content_disposition_header(as_attachment=True, filename=found.name) or "",
            "X-Content-Type-Options": "nosniff",
        },
    )
