"""The conclusions as pages: parse, call, render."""
