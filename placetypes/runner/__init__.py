"""The engine: it orders, builds, checks and publishes models. It knows no geography."""
