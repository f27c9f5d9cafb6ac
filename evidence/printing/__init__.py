"""Documents on paper: the fonts, the sheet that all share, and what sets them as PDF."""
