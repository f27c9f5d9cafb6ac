"""Sealing an identity to 4 custodians."""

from benchmarks._pairs import sealing_for

BENCHMARK = sealing_for(4)
