#!/usr/bin/env python3
"""Django's own commands. What the environment does not name is taken from the local home (``omc-qa up``)."""

import os
import sys

from django.core.management import execute_from_command_line

from omc_qa.local.home import Home


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omc_qa.settings")
    for name, value in Home.default().environment().items():
        os.environ.setdefault(name, value)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
