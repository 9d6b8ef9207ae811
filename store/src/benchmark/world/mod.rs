//! A synthetic world of organizations over several quarters, for the demo and for tests.
