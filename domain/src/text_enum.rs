//! Enumerations with one fixed text for each value.

/// A text that names no value of an enumeration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no {kind}; use one of {}", expected.join(", "))]
pub struct UnknownValue {
    /// The enumeration that was asked for, such as `Stage`.
    pub kind: &'static str,
    /// The text as it was given.
    pub text: String,
    /// The texts that it would have understood.
    pub expected: Vec<&'static str>,
}

/// Declares an enumeration whose values have one upper-case text, the same in JSON, in the schema and in messages.
macro_rules! text_enum {
    (
        $(#[$meta:meta])*
        $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:literal),+ $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$variant_meta])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// Every value, in order.
            pub const ALL: [Self; [$($text),+].len()] = [$(Self::$variant),+];

            /// The fixed text of this value, in SCREAMING_SNAKE_CASE.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownValue;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.into_iter().find(|value| value.as_str() == text).ok_or_else(|| $crate::UnknownValue {
                    kind: stringify!($name),
                    text: text.to_owned(),
                    expected: vec![$($text),+],
                })
            }
        }
    };
}

pub(crate) use text_enum;
