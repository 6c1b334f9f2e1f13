"""The studio: the lessons' only door to the core. Each room here serves one subject, in NumPy and strings.

Torch is imported inside functions, where work is really done, so that a page can be painted without it.
"""
