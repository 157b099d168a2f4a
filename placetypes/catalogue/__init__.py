"""What every table is and what it is made from."""
