"""Reads of decisions, their conditions and waivers."""
