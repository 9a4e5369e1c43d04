"""What a person was told."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from tracks.models import Notice, User
from tracks.queries.projects import projects_of


def notices_of(user: User) -> QuerySet[Notice]:
    """Those for the person's page, newest first; of projects that they may still see."""
    notices = Notice.objects.filter(user=user, on_page=True, track__sprint__project__in=projects_of(user))
    return notices.select_related("track__sprint__project", "finding")


def unread_notices(user: User | AnonymousUser) -> int:
    if isinstance(user, AnonymousUser):
        return 0
    return notices_of(user).filter(read_at=None).count()
