"""Wiring only: settings, URLs, the Celery app, the command line and the sample sprint."""

from omc_qa.celery import app as celery_app

__all__ = ["celery_app"]
