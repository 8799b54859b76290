"""Which picture formats are decoded."""

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "PPM", "TIFF", "AVIF")
"""Found by content, whatever a file is called; of the others one runs a program (EPS)."""
