"""Where names are compared, or encrypted to somebody else, and never shown.

Promise: the names of one case are opened in a process that was spawned for one session, in its memory alone.
It makes the one-time key to which two custodians give their halves, holds no key of the server, no
environment, no database, no file and no network (`vault.walls`), answers with places and one of three words,
or with a ciphertext, and is killed. Where it dies the key is gone, and nobody can open what was sent to it:
the session has failed and is asked for again.

    holding    the server's side: start it, hand it what is to be compared, judge its answer, end it
    child      the program of the process
    streams    the texts that lie in bytes
    likeness   what is compared with what, and which word it earns
    parcel     identities for a recipient, encrypted to words that the recipient has on paper
    wire       what the two say to each other
"""
