"""The addresses of the Test Summary Report."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
