"""Builds what the product holds. Usage: python -m bench.product.build SERVICES."""

import os
import sys

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "launchkit.settings"
    django.setup()
    from bench.product import data

    told = data.build(int(sys.argv[1]))
    print(", ".join(f"{number:,} {what}" for what, number in told.items()))
