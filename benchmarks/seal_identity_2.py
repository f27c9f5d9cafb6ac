"""Sealing an identity to 2 custodians."""

from benchmarks._pairs import sealing_for

BENCHMARK = sealing_for(2)
