"""The outgoing package as bytes: bag, zip, age, statement. Knows no row, no case and no person."""
