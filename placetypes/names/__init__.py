"""Names and pen portraits: asked of a language model, given by hand, reviewed."""
