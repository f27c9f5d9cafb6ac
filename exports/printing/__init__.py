"""What this room says on paper: to a recipient, and to a witness. One value makes page and PDF."""
