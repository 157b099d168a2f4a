"""What leaves: files for other tools, and shared warehouses."""
