"""The custodian's offline tool: files in, files out, everything it signs said in plain words first.

Promise: it needs no network, no database and no settings; it never shows a private key, never writes what it
opened to disk, never replaces a file, and ends every refusal with one clear line. `arguments` reads the
command line and calls one function of `keyring`, `directories`, `decisions`, `answering` or `repairs`.
"""
