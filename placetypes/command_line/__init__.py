"""The rooms put to work: run and plan, and how every command ends."""
