"""The bridge from the facts to what the gates eat."""
