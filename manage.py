#!/usr/bin/env python
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "launchkit.settings")
    from django.core.exceptions import ImproperlyConfigured  # slow imports, and they need the setting above
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as fault:
        sys.exit(f"launchkit: {fault}")
