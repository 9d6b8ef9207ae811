//! Global identifiers taken apart and put together, as a curious client would.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rolemark_tests::unique;
use uuid::Uuid;

/// A random identifier.
pub(crate) fn random_uuid() -> Uuid {
    let digits = format!("{}{}", unique(""), unique("")).replace('_', "");
    Uuid::try_parse(&digits).expect("32 hexadecimal digits")
}

/// A global identifier in parts: tag, organization and, but for an organization itself, the object.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    pub(crate) tag: String,
    pub(crate) organization: Uuid,
    pub(crate) object: Option<Uuid>,
}

impl Parts {
    /// Takes an identifier apart.
    pub(crate) fn of(id: &str) -> Self {
        let text = URL_SAFE_NO_PAD.decode(id).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let text = text.unwrap_or_else(|| panic!("no identifier: {id}"));
        let mut parts = text.split(':');
        let mut next = || parts.next();
        let tag = next().unwrap_or_default().to_owned();
        let organization = next().and_then(|text| Uuid::try_parse(text).ok());
        let object = next().map(|text| Uuid::try_parse(text).expect("the object's UUID"));
        Self { tag, organization: organization.expect("the organization's UUID"), object }
    }

    /// The identifier again.
    pub(crate) fn encode(&self) -> String {
        let object = self.object.map(|object| format!(":{}", object.simple())).unwrap_or_default();
        URL_SAFE_NO_PAD.encode(format!("{}:{}{object}", self.tag, self.organization.simple()))
    }

    /// One of the same type, of another organization and object.
    pub(crate) fn elsewhere(&self) -> Self {
        Self { tag: self.tag.clone(), organization: random_uuid(), object: self.object.map(|_| random_uuid()) }
    }

    /// Another object of the same organization.
    pub(crate) fn sibling(&self) -> Self {
        Self { object: self.object.map(|_| random_uuid()), ..self.clone() }
    }

    /// The same object as if it were of another organization.
    pub(crate) fn moved_to(&self, organization: Uuid) -> Self {
        Self { organization, ..self.clone() }
    }
}

/// The organization that an identifier names.
pub(crate) fn organization_of(id: &str) -> Uuid {
    Parts::of(id).organization
}
