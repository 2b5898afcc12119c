"""What others wrote and launchkit stands on: read from the lock, asked about, and listed for whoever must know."""
