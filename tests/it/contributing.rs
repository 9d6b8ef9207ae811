//! An organization's part in the benchmark: joining, leaving, its segment, the preview of what it sends.
