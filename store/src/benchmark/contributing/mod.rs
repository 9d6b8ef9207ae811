//! An organization's part in the benchmark: joining and leaving, its segment, its verification, its receipts.
