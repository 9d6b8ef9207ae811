//! Relay connections. `edges` and `node` are nullable, so that a failure stays where it is and older connectors can
//! read them.

use async_graphql::SimpleObject;
use store::page::{Page, PageRequest};

use super::page::{CursorScope, cursor};

/// Where a page stands in its list
#[derive(Clone, Debug, Default, SimpleObject)]
pub(crate) struct PageInfo {
    /// Whether there are entries after this page
    has_next_page: bool,
    /// Whether there are entries before this page
    has_previous_page: bool,
    /// Cursor of the first entry; null when the page is empty
    start_cursor: Option<String>,
    /// Cursor of the last entry; null when the page is empty
    end_cursor: Option<String>,
}

/// A page with its cursors, of which a connection is made.
pub(crate) struct Cursored<T> {
    pub(crate) entries: Vec<(String, T)>,
    pub(crate) page_info: PageInfo,
}

impl<T> Cursored<T> {
    /// The same page with each entry turned into something else.
    pub(crate) fn map<U>(self, mut change: impl FnMut(T) -> U) -> Cursored<U> {
        let entries = self.entries.into_iter().map(|(cursor, item)| (cursor, change(item))).collect();
        Cursored { entries, page_info: self.page_info }
    }
}

/// Adds the cursors to a page.
pub(crate) fn with_cursors<T>(page: Page<T>, request: &PageRequest, scope: CursorScope) -> Cursored<T> {
    let has_more = page.has_more;
    let entries: Vec<(String, T)> =
        page.items.into_iter().map(|(position, item)| (cursor(scope, &position), item)).collect();
    let page_info = PageInfo {
        // In the direction that was not asked for, a cursor says that there is something on its other side.
        has_next_page: if request.is_backward { request.before.is_some() } else { has_more },
        has_previous_page: if request.is_backward { has_more } else { request.after.is_some() },
        start_cursor: entries.first().map(|(cursor, _)| cursor.clone()),
        end_cursor: entries.last().map(|(cursor, _)| cursor.clone()),
    };
    Cursored { entries, page_info }
}

/// Defines the connection and the edge type of a node type.
macro_rules! connection {
    ($node:ty, $connection:ident, $edge:ident, $name:literal $(, $total:ident)?) => {
        #[doc = concat!("A page of ", $name)]
        #[derive(async_graphql::SimpleObject)]
        pub(crate) struct $connection {
            /// The entries with their cursors
            edges: Option<Vec<Option<$edge>>>,
            /// The entries without their cursors
            nodes: Option<Vec<Option<$node>>>,
            /// Where the page stands in the list
            page_info: $crate::graphql::connection::PageInfo,
            $(
                /// How many entries the whole list has
                pub(crate) $total: Option<i32>,
            )?
        }

        #[doc = concat!("An entry of a page of ", $name)]
        #[derive(async_graphql::SimpleObject)]
        pub(crate) struct $edge {
            /// Names the place of the entry in the list
            cursor: String,
            /// The entry
            node: Option<$node>,
        }

        impl $connection {
            /// A connection of a page; the entries are held once and handed out twice.
            pub(crate) fn new(page: $crate::graphql::connection::Cursored<$node>, $($total: Option<i32>,)?) -> Self {
                let nodes = page.entries.iter().map(|(_, node)| Some(node.clone())).collect();
                let edges = page.entries.into_iter().map(|(cursor, node)| Some($edge { cursor, node: Some(node) }));
                Self { edges: Some(edges.collect()), nodes: Some(nodes), page_info: page.page_info, $($total,)? }
            }
        }
    };
}

pub(crate) use connection;

/// A count as GraphQL has integers: 32 bits.
pub(crate) fn count(number: u64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
