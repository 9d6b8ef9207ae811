//! The edition that comes with the program, embedded in it when it was compiled.

use domain::library::Edition;
use entity::library_edition::{Column, Entity};
use rust_embed::RustEmbed;
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QuerySelect};

use super::{
    ContentDigest, ImportError, NoProgress,
    directory::{COMBINATIONS_FILE, EDITION_FILE, ROLES_FOLDER, SourceFile, new_edition, parse, parse_file},
    save,
};
use crate::clock::Clock;

#[derive(RustEmbed)]
#[folder = "../library/"]
struct Shipped;

/// Loads the shipped edition if it is not there. This runs at each start of a server on SQLite: if it is there, it costs
/// one query of a small table, since the digests of the files were computed by the compiler.
pub(crate) async fn import_shipped_edition(
    connection: &DatabaseConnection,
    clock: &dyn Clock,
) -> Result<(), ImportError> {
    let digest = digest();
    if is_there(connection, &digest).await? {
        return Ok(());
    }
    let files: Vec<SourceFile> = names().into_iter().filter_map(file).collect();
    let library = parse(&files, &NoProgress)?;
    let summary = save(connection, new_edition(library, digest), clock.now(), &NoProgress).await?;
    tracing::info!(edition = summary.edition.key, roles = summary.edition.role_count, "shipped library edition loaded");
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "library tables belong to no organization")]
async fn is_there(connection: &DatabaseConnection, digest: &str) -> Result<bool, ImportError> {
    let query = Entity::find().select_only().column(Column::Key).filter(Column::Digest.eq(digest));
    Ok(query.into_tuple::<String>().one(connection).await?.is_some())
}

/// The digest of the shipped edition, the same as if it were imported from a directory.
pub(super) fn digest() -> String {
    let mut digest = ContentDigest::new("toml");
    for name in names() {
        if let Some(file) = Shipped::get(&name) {
            digest.add_hashed(&name, &file.metadata.sha256_hash());
        }
    }
    digest.finish()
}

/// The key of the shipped edition.
pub(super) fn edition_key() -> Result<String, ImportError> {
    let Some(file) = file(EDITION_FILE.to_owned()) else { return Ok(String::new()) };
    Ok(parse_file::<Edition>(&file)?.key)
}

/// The names of the files that make the edition, in order.
fn names() -> Vec<String> {
    let is_role = |name: &str| name.starts_with(ROLES_FOLDER) && name.ends_with(".toml");
    let belongs = |name: &str| name == EDITION_FILE || name == COMBINATIONS_FILE || is_role(name);
    let mut names: Vec<String> = Shipped::iter().map(String::from).filter(|name| belongs(name)).collect();
    names.sort_unstable();
    names
}

fn file(name: String) -> Option<SourceFile> {
    let content = Shipped::get(&name)?.data.into_owned();
    Some(SourceFile { name, content })
}

#[cfg(test)]
mod tests {
    use super::{super::directory::digest_of, *};

    #[test]
    fn the_digest_of_the_compiler_is_that_of_the_files() {
        let files: Vec<SourceFile> = names().into_iter().filter_map(file).collect();
        assert_eq!(digest(), digest_of(&files));
    }

    #[test]
    fn the_shipped_edition_is_valid() {
        let files: Vec<SourceFile> = names().into_iter().filter_map(file).collect();
        let library = parse(&files, &NoProgress).unwrap();
        assert!(library.roles.len() >= 40 && library.combinations.len() >= 24);
        assert_eq!(edition_key().unwrap(), library.edition.key);
    }
}
