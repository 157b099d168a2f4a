"""Data that ship with the project: the synthetic demo region and its generator."""
