"""Exchange with CAT tools: a release's translation as XLIFF 1.2 or 2.0, or as an OmegaT project.

`package.Package` is what goes out and `package.Returned` what comes back, whatever the format;
`xliff1`, `xliff2` and `omegat` write and read them, `inline` turns the numbered tags of a text into
XLIFF's elements, `reconcile` decides what an import does to the catalog. Memories are exchanged in
`memory.exchange`, glossaries in `terminology.exchange`.
"""
