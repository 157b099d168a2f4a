"""Methods, a file each, by the name under which they were published."""
