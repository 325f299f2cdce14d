"""`python -m imas.fallback.manage`: Django's command line, for the desk."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "imas.fallback.settings"
    execute_from_command_line(sys.argv)
