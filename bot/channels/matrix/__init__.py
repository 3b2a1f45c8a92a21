"""Matrix: the private home. One account of the coach on one homeserver, end-to-end encrypted.

matrix-nio is known here only. Its sync loop, its retries and its handling of rooms are not used: each of them loses
messages or locks a room (ARCHITECTURE, "Matrix").
"""
