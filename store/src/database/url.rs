//! Where the database is.

use std::{fmt, path::PathBuf, str::FromStr};

use sqlx::postgres::PgConnectOptions;

/// Address of a database: an SQLite file or a PostgreSQL server.
#[derive(Clone)]
pub enum DatabaseUrl {
    /// `sqlite:path/to/file.sqlite`
    Sqlite(PathBuf),
    /// `postgres://user:password@host/database`
    Postgres(Box<PgConnectOptions>),
}

impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.starts_with(":memory:") {
                return Err("an SQLite database needs a file, such as sqlite:data/rolemark.sqlite".into());
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if text.starts_with("postgres:") || text.starts_with("postgresql:") {
            let options = PgConnectOptions::from_str(text).map_err(|_| {
                "not a PostgreSQL address: write postgres://user:password@host:5432/database".to_owned()
            })?;
            return Ok(Self::Postgres(Box::new(options)));
        }
        Err("a database address starts with sqlite: or postgres://".into())
    }
}

/// Without the password, so that it can be logged.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(options) => write!(
                f,
                "postgres://{}@{}:{}/{}",
                options.get_username(),
                options.get_host(),
                options.get_port(),
                options.get_database().unwrap_or_default()
            ),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_shown_without_password() {
        let url: DatabaseUrl = "postgres://app:secret@db:5433/rolemark".parse().unwrap();
        assert_eq!(url.to_string(), "postgres://app@db:5433/rolemark");
        assert_eq!(format!("{url:?}"), url.to_string());
        let url: DatabaseUrl = "sqlite://data/x.sqlite".parse().unwrap();
        assert_eq!(url.to_string(), "sqlite:data/x.sqlite");
        for bad in ["", "mysql://x", "sqlite:", "sqlite::memory:"] {
            assert!(bad.parse::<DatabaseUrl>().is_err(), "{bad}");
        }
    }
}
