"""Dates the way a public service writes them in Portuguese: 15 de dezembro de 2026, 16:20."""

DATE_FORMAT = r"j \d\e E \d\e Y"
SHORT_DATE_FORMAT = "d/m/Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = r"j \d\e E \d\e Y, H:i"
SHORT_DATETIME_FORMAT = "d/m/Y, H:i"
THOUSAND_SEPARATOR = "\xa0"
