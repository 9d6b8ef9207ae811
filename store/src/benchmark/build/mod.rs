//! From contributions to a release: totals, rules, noise, figures, audit, approval, publication.
