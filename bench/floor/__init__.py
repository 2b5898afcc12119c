"""The floor: what any Django app pays for a read, a tick, a page and a list. Shares no code with the product.

Same engine, same middleware as far as others wrote it, sessions in the database, same age of connections.
"""
