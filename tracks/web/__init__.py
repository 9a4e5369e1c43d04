"""The facts as pages: parse, call, render."""
