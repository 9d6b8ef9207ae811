//! What a release is made from: who contributes, as which control group, seen by whom, and with what.
