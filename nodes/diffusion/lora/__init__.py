"""LoRA and its relatives: the names they go by in files, and what they do to a weight."""
