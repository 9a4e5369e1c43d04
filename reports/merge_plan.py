"""In which order the tracks of a sprint are best merged, and why; pure."""
