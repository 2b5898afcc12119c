"""Dates the way a public service writes them in Lithuanian: 2026 m. gruodžio 15 d., 16:20; short 2026-12-15."""

DATE_FORMAT = r"Y \m. E j \d."
SHORT_DATE_FORMAT = "Y-m-d"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = r"Y \m. E j \d., H:i"
SHORT_DATETIME_FORMAT = "Y-m-d H:i"
THOUSAND_SEPARATOR = "\xa0"
