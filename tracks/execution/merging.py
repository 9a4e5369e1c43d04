"""Merging commits in a mirror on trial, without a work tree."""
