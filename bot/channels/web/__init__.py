"""The web chat: a page, a websocket and a small file of its own that keeps what is visible. It is its own platform."""
