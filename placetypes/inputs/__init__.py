"""What comes in at the door: found, unpacked, checked."""
