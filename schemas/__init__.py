"""The contracts of Open PEEL: what a source file, a code list and a published table look like."""
