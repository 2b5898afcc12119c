"""Dates the way a public service writes them in Greek: 15 Δεκεμβρίου 2026, 16:20. Months stand in the genitive."""

DATE_FORMAT = "j E Y"
SHORT_DATE_FORMAT = "d/m/Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j E Y, H:i"
SHORT_DATETIME_FORMAT = "d/m/Y, H:i"
