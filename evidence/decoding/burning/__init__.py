"""Making redacted copies of files, and proving them.

Promise: a copy is made anew from what is seen and heard (pixels, drawn pages, frames, samples) with the
regions taken out before anything is written; nothing else of the original is carried over. What was made is
decoded anew and held against the same regions. Everything here runs in the child, behind the walls, and knows
nothing of this product; `workshop` is the parent's side.
"""
