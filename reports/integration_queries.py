"""Reads of trial integrations."""
