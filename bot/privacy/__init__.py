"""What becomes of what people write: masked before it is kept, erased when they ask, deleted after a time."""
