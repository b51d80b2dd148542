"""Pictures of figures, as SVG with attributes only: no style, no script."""
