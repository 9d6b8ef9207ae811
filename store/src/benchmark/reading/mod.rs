//! Published figures, and whether the viewer may see them.
