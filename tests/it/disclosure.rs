//! The attack suite: what attackers try on the benchmark, and what they get.
