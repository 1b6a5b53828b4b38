"""The review page: a release and its translation side by side in the reviewer's browser.

`session` is what is reviewed, `views` what the page shows of it, `app` the page's addresses and
`server` the loopback server. Everything that a reviewer does is in the PO file at once.
"""
