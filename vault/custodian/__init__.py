"""Custodians: the keys, pairs, directories and papers by which two people together open a name.

Promise: everything here works on a laptop that never sees the network: it needs `cryptography` and a list of
words, and no Django, no database and no settings (a test imports it in a fresh interpreter). The server calls
the same code, so that tool and server cannot disagree about what is signed.

    words      bytes as words, to be compared by voice
    keys       a custodian's keys, and the one-time key of a request
    keyfile    a custodian's private keys in a file sealed under a passphrase
    directory  who the custodians are: signed by two, never going back
    pairs      a secret split for every pair of custodians, and joined by two
    layers     an identity's key under the server's share and the custodians' secret
    papers     requests, approvals and vetoes, as files
    answers    what the requester's tool opens
    repairing  halves for a newcomer, without rebuilding a secret
    tool       `python -m vault.custodian`
"""
