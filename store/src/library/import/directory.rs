//! An edition as TOML files: `edition.toml`, `combinations.toml` if there are any, and `roles/*.toml`.

use std::{fs, path::Path};

use domain::library::{CombinationsFile, Library, RoleFile, assemble};
use serde::de::DeserializeOwned;

use super::{
    ContentDigest, FileFault, ImportError, ImportOutcome, ImportSummary, NewEdition, Progress, already_imported,
    owner_connection, save, shipped,
};
use crate::{clock::Clock, database::DatabaseUrl};

pub(super) const EDITION_FILE: &str = "edition.toml";
pub(super) const COMBINATIONS_FILE: &str = "combinations.toml";
pub(super) const ROLES_FOLDER: &str = "roles";

/// A file with its name within the edition, such as `roles/backend-engineer.toml`.
pub(super) struct SourceFile {
    pub(super) name: String,
    pub(super) content: Vec<u8>,
}

/// Imports an edition from a directory with `edition.toml`, `roles/*.toml` and, if it suggests combinations,
/// `combinations.toml`. Other files are not looked at.
///
/// # Errors
/// See [`ImportError`]; in every case nothing has changed.
pub async fn import_edition(
    url: &DatabaseUrl,
    directory: &Path,
    clock: &dyn Clock,
    progress: &dyn Progress,
) -> Result<ImportSummary, ImportError> {
    let files = read_directory(directory)?;
    let digest = digest_of(&files);
    progress.start("Reading roles", Some(files.len() as u64));
    let library = parse(&files, progress)?;
    progress.finish();
    if library.edition.key == shipped::edition_key()? && digest != shipped::digest() {
        let message = format!("the key {} is that of the shipped edition: give this one another", library.edition.key);
        return Err(ImportError::Edition(message));
    }
    let connection = owner_connection(url).await?;
    let summary = match already_imported(&connection, &library.edition.key, &digest).await? {
        Some(edition) => ImportSummary {
            outcome: ImportOutcome::AlreadyImported,
            edition,
            combinations: library.combinations.len(),
            notes: Vec::new(),
        },
        None => save(&connection, new_edition(library, digest), clock.now(), progress).await?,
    };
    connection.close().await?;
    Ok(summary)
}

pub(super) fn new_edition(library: Library, digest: String) -> NewEdition {
    let Library { edition, roles, combinations } = library;
    NewEdition { edition, digest, roles, combinations }
}

/// The digest of an edition: of its files, in the order of their names.
pub(super) fn digest_of(files: &[SourceFile]) -> String {
    let mut digest = ContentDigest::new("toml");
    for file in files {
        digest.add(&file.name, &file.content);
    }
    digest.finish()
}

/// The files of an edition, in the order of their names.
fn read_directory(directory: &Path) -> Result<Vec<SourceFile>, ImportError> {
    let mut names = vec![EDITION_FILE.to_owned()];
    if directory.join(COMBINATIONS_FILE).exists() {
        names.push(COMBINATIONS_FILE.to_owned());
    }
    let roles = directory.join(ROLES_FOLDER);
    for entry in fs::read_dir(&roles).map_err(|error| ImportError::unreadable(&roles, &error))? {
        let entry = entry.map_err(|error| ImportError::unreadable(&roles, &error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".toml") && !name.starts_with('.') {
            names.push(format!("{ROLES_FOLDER}/{name}"));
        }
    }
    names.sort_unstable();
    let read = |name: String| {
        let path = directory.join(&name);
        let content = fs::read(&path).map_err(|error| ImportError::unreadable(path, &error))?;
        Ok(SourceFile { name, content })
    };
    names.into_iter().map(read).collect()
}

/// Parses and checks the files of an edition.
pub(super) fn parse(files: &[SourceFile], progress: &dyn Progress) -> Result<Library, ImportError> {
    let (mut edition, mut combinations, mut roles) = (None, CombinationsFile::default(), Vec::new());
    for file in files {
        match file.name.as_str() {
            EDITION_FILE => edition = Some(parse_file(file)?),
            COMBINATIONS_FILE => combinations = parse_file(file)?,
            name => roles.push((name.to_owned(), parse_file::<RoleFile>(file)?)),
        }
        progress.advance(1);
    }
    let edition = edition.ok_or_else(|| FileFault::whole("is missing").within(EDITION_FILE))?;
    if roles.is_empty() {
        return Err(ImportError::Files(format!("there is no role: {ROLES_FOLDER}/*.toml holds one each")));
    }
    Ok(assemble((EDITION_FILE, edition), roles, (COMBINATIONS_FILE, combinations))?)
}

/// Parses one file of an edition.
pub(super) fn parse_file<T: DeserializeOwned>(file: &SourceFile) -> Result<T, ImportError> {
    let text = std::str::from_utf8(&file.content).map_err(|error| {
        let line = line_of(&file.content, error.valid_up_to());
        FileFault::on_line(line, "is not UTF-8").within(&file.name)
    })?;
    toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| line_of(&file.content, span.start));
        FileFault { line, reason: error.message().to_owned() }.within(&file.name)
    })
}

/// The line of a position, counted from 1.
fn line_of(content: &[u8], position: usize) -> u64 {
    content.iter().take(position).filter(|&&byte| byte == b'\n').count() as u64 + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::NoProgress;

    const EDITION: &str = "key = \"own-1\"\ntitle = \"Own\"\nsource = \"own\"\npublished_on = \"2026-01-31\"\n\
        license = \"none\"\nattribution = \"Ourselves.\"\n";
    const ROLE: &str = "key = \"clerk\"\ntitle = \"Clerk\"\nfamily = \"Office\"\nsummary = \"Files.\"\n\
        [[tasks]]\nkey = \"filing\"\ntitle = \"Filing\"\nstage = \"AUTOMATED\"\n";

    fn file(name: &str, text: &str) -> SourceFile {
        SourceFile { name: name.into(), content: text.as_bytes().to_vec() }
    }

    fn error(files: &[SourceFile]) -> String {
        parse(files, &NoProgress).unwrap_err().to_string()
    }

    #[test]
    fn files_make_a_library() {
        let files = [file(EDITION_FILE, EDITION), file("roles/clerk.toml", ROLE)];
        let library = parse(&files, &NoProgress).unwrap();
        assert_eq!(library.edition.source, "own");
        assert_eq!(library.roles[0].tasks[0].key, "own:filing");
    }

    #[test]
    fn errors_name_file_and_line() {
        let broken = file("roles/clerk.toml", &ROLE.replace("AUTOMATED", "DONE"));
        let message = error(&[file(EDITION_FILE, EDITION), broken]);
        assert!(message.starts_with("roles/clerk.toml, line 8: "), "{message}");
        let latin = SourceFile { name: "roles/a.toml".into(), content: b"key = \"a\"\ntitle = \"Caf\xe9\"\n".to_vec() };
        assert_eq!(error(&[file(EDITION_FILE, EDITION), latin]), "roles/a.toml, line 2: is not UTF-8");
        assert_eq!(error(&[file("roles/clerk.toml", ROLE)]), "edition.toml: is missing");
        assert!(error(&[file(EDITION_FILE, EDITION)]).starts_with("there is no role"));
        let unknown = "[[combinations]]\nkey = \"c\"\ntitle = \"C\"\nroles = [\"clerk\", \"boss\"]\n\
            coordination_share = 0.1\nsummary = \"Both.\"\n";
        let files = [file(COMBINATIONS_FILE, unknown), file(EDITION_FILE, EDITION), file("roles/clerk.toml", ROLE)];
        assert!(error(&files).starts_with("combinations.toml: combinations.0.roles.1: "), "{}", error(&files));
    }
}
