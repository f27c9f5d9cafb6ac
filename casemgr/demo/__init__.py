"""The demonstration case: public facts in words of our own, with media that this package draws itself."""
