//! Building, approving, publishing and retracting releases.
