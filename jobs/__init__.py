"""Open PEEL: facts read from articles in, checked tables out."""
