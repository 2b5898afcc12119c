"""Speed, measured as ratios to a bare Django app: `python -m bench.run`, or `make bench`. See docs/performance.md."""
