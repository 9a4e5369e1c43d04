"""Conclusions: what the facts of ``tracks`` mean. All of it can be thrown away and computed again."""
