"""``/health``: for load balancers. 503 where no page can be served; else what is wrong is said."""

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from tracks.health import examine
from tracks.web.access import public


@never_cache
@public
def health(request: HttpRequest) -> JsonResponse:
    found = examine(now=timezone.now())
    return JsonResponse(found.as_data(), status=503 if found.status == "down" else 200)
