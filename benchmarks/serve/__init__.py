"""A real server and many learners at once: memory, errors and latencies. Run with python -m benchmarks.serve"""
