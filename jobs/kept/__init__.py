"""What earlier runs found out, kept so that a run has to look only at what has changed since.

`cache` keeps files, `index` tells which sources are as they were, `known` has the claims of articles by what they were
made from, `remembered` puts both together. `part` tells what some articles have to do with, `beside` puts changed ones
beside the rest, `anew` makes the tables of that, `begin` leads there, `aside` is a process that helps. `few` looks at
some files for an editor. Whatever is not sure is no result: then everything is looked at.
"""
