//! Published figures: releases, cells, a role's position in them.
