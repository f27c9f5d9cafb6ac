"""Sealing an identity to 8 custodians."""

from benchmarks._pairs import sealing_for

BENCHMARK = sealing_for(8)
