"""Looking into files that strangers made.

Promise: decoders run in a spawned process that has no key, environment, network, file or database, with
limits on memory, CPU and wall clock; what holds on a processor without a filter, `vault.walls` says; where
the kernel refuses the filter, nothing is looked at. It asks for ranges of one file over a pipe and answers
with a report and a preview. `chamber` is called by tasks; everything else runs in the child and knows
nothing of this product.
"""
