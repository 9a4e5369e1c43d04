"""Every address of the product. Each view carries its access rule (tracks/web/access.py)."""

from django.contrib import admin
from django.urls import include, path

from tracks.web.health import health
from tracks.web.home import home

urlpatterns = [
    path("", home, name="home"),
    path("health", health, name="health"),
    path("", include("tracks.web.urls")),
    path("", include("reports.web.urls")),
    path("accounts/", include("tracks.web.account_urls")),
    path("admin/", admin.site.urls),
]
