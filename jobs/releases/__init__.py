"""Releases: what two of them differ in, which version follows, what a release holds, whether one is sound."""
