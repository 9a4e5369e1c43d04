"""Reaching the database from the terminal, beside a running ``up``."""

import os

import django

from omc_qa.local.errors import LocalError
from omc_qa.local.home import Home


def connect() -> None:
    """Reach the database of the environment, or of the running ``omc-qa up``. Raises LocalError."""
    for name, value in Home.default().environment().items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omc_qa.settings")
    django.setup()
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise LocalError(
            "The database does not answer. Start `omc-qa up` in another terminal first, or set DATABASE_URL "
            "(and OMC_QA_HOME, if you started it with one)."
        ) from error
