//! Documents that were parsed before: clients send the same few again and again.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_graphql::parser::{Error, parse_query, types::ExecutableDocument};

/// How many documents are kept; when there are more, all are forgotten.
const DOCUMENTS: usize = 512;
/// Longer documents are parsed each time: few clients send them, and they would fill the memory.
const LENGTH_MAXIMUM: usize = 8_000;

/// Parsed documents by their text. They hold nothing of a caller or an organization.
#[derive(Default)]
pub(crate) struct Documents {
    parsed: Mutex<HashMap<Box<str>, Arc<ExecutableDocument>>>,
}

impl Documents {
    /// The document, parsed now or before.
    pub(super) fn parse(&self, text: &str) -> Result<Arc<ExecutableDocument>, Error> {
        if let Some(document) = self.lock().get(text) {
            return Ok(Arc::clone(document));
        }
        let document = Arc::new(parse_query(text)?);
        if text.len() <= LENGTH_MAXIMUM {
            let mut parsed = self.lock();
            if parsed.len() >= DOCUMENTS {
                parsed.clear();
            }
            parsed.insert(text.into(), Arc::clone(&document));
        }
        Ok(document)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Box<str>, Arc<ExecutableDocument>>> {
        self.parsed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_parsed_once_and_memory_is_bounded() {
        let documents = Documents::default();
        let first = documents.parse("{ a }").unwrap();
        assert!(Arc::ptr_eq(&first, &documents.parse("{ a }").unwrap()));
        assert!(documents.parse("{").is_err());
        for number in 0..2 * DOCUMENTS {
            documents.parse(&format!("{{ a{number} }}")).unwrap();
        }
        assert!(documents.lock().len() <= DOCUMENTS);
        let long = format!("{{ a }} # {}", "x".repeat(LENGTH_MAXIMUM));
        documents.parse(&long).unwrap();
        assert!(!documents.lock().contains_key(long.as_str()));
    }
}
