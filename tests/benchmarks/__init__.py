"""Speed and memory of Open PEEL, as ratios from one run: `python -m tests.benchmarks` (or `make bench`)."""
