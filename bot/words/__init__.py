"""Text without meaning: folding, tokens, stems, lexicons, cleaning, typography."""
