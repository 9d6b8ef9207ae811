//! An organization's part in the benchmark: joining, leaving, its segment, what it sends and what it sent.
