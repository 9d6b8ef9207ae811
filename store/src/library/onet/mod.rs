//! Importing O*NET: the occupations of the U.S. Department of Labor, with their tasks, skills and technologies, the task
//! labels of "GPTs are GPTs" (Eloundou et al. 2023) and the observed exposure of the Anthropic Economic Index.
//!
//! Occupations and task statements are needed; of every other file the import says that it is missing. The work
//! activities of tasks have no place in a canonical role, and the related occupations of O*NET come without the months
//! that a career pathway has: neither is read, and nothing is made up.

mod credits;
mod files;
mod labels;
mod observed;
mod occupations;
mod roles;
mod skills;
mod table;
mod tasks;
mod titles;
mod version;

use std::path::Path;

use domain::library::{CanonicalRole, Edition, LibraryError, LibraryErrors};
use domain::roles::RoleLimits;

use self::{
    files::{Kind, OnetFiles},
    roles::Material,
};
use super::import::{
    ContentDigest, ImportError, ImportOutcome, ImportSummary, NewEdition, Progress, already_imported, owner_connection,
    save,
};
use crate::{clock::Clock, database::DatabaseUrl};

pub use labels::{OccupationExposure, occupation_exposures};

/// The source of the keys.
const SOURCE: &str = "onet";
/// How many faulty occupations an error names.
const FAULTS_MAXIMUM: usize = 20;

/// Imports O*NET from a directory with its text files, plain or gzipped, as [`import_onet_as`] does, with the version that
/// the names of the files or of the directory tell (`onet_29_3_…`, `db_29_3_text`), or else "unversioned".
///
/// # Errors
/// See [`ImportError`]; in every case nothing has changed.
pub async fn import_onet(
    url: &DatabaseUrl,
    directory: &Path,
    clock: &dyn Clock,
    progress: &dyn Progress,
) -> Result<ImportSummary, ImportError> {
    import_onet_as(url, directory, None, clock, progress).await
}

/// Imports O*NET from a directory with its text files as the edition `onet-<version>`; `version` is such as `29.3`.
///
/// # Errors
/// See [`ImportError`]; in every case nothing has changed.
pub async fn import_onet_as(
    url: &DatabaseUrl,
    directory: &Path,
    version: Option<&str>,
    clock: &dyn Clock,
    progress: &dyn Progress,
) -> Result<ImportSummary, ImportError> {
    let files = OnetFiles::find(directory)?;
    let version = version.map_or_else(|| files.version.clone(), str::to_owned);
    let (key, digest) = (format!("{SOURCE}-{version}"), digest_of(&files, &version));
    let connection = owner_connection(url).await?;
    if let Some(edition) = already_imported(&connection, &key, &digest).await? {
        connection.close().await?;
        let outcome = ImportOutcome::AlreadyImported;
        return Ok(ImportSummary { outcome, edition, combinations: 0, notes: Vec::new() });
    }
    let (edition, roles, notes) = read(&files, key, &version, clock, progress)?;
    let new = NewEdition { edition, digest, roles, combinations: Vec::new() };
    let summary = save(&connection, new, clock.now(), progress).await?;
    connection.close().await?;
    Ok(ImportSummary { notes, ..summary })
}

fn digest_of(files: &OnetFiles, version: &str) -> String {
    let mut digest = ContentDigest::new(SOURCE);
    digest.add("version", version.as_bytes());
    for (kind, file) in &files.found {
        digest.add(kind.what(), &file.content);
    }
    digest.finish()
}

/// The edition, its roles, and what a person should know about them.
fn read(
    files: &OnetFiles,
    key: String,
    version: &str,
    clock: &dyn Clock,
    progress: &dyn Progress,
) -> Result<(Edition, Vec<CanonicalRole>, Vec<String>), ImportError> {
    progress.start("Reading O*NET", Some(files.found.len() as u64));
    let material = Material::read(files, progress)?;
    progress.finish();
    let credits = credits::Credits {
        version,
        has_labels: files.found.contains_key(&Kind::Labels),
        has_observed: files.found.contains_key(&Kind::ObservedExposure),
    };
    let newest = material.tasks.newest_date.clone();
    let edition = Edition {
        key,
        title: credits.title(),
        source: SOURCE.to_owned(),
        published_on: version::published_on(version)
            .or(newest)
            .unwrap_or_else(|| clock.now().format("%Y-%m-%d").to_string()),
        license: credits.license(),
        attribution: credits.of_edition(),
    };
    edition.validate().map_err(|violations| ImportError::Edition(violations.to_string()))?;
    let mut notes = files.missing_optional();
    notes.extend(material.notes());
    let roles = material.into_roles(&credits.of_role());
    check(&roles)?;
    Ok((edition, roles, notes))
}

fn check(roles: &[CanonicalRole]) -> Result<(), ImportError> {
    let limits = RoleLimits::default();
    let mut errors = LibraryErrors::default();
    for role in roles {
        for violation in role.validate(&limits).err().unwrap_or_default() {
            errors.0.push(LibraryError {
                file: role.key.clone(),
                field: violation.path.join("."),
                message: violation.message,
            });
        }
        if errors.0.len() >= FAULTS_MAXIMUM {
            break;
        }
    }
    if errors.0.is_empty() { Ok(()) } else { Err(errors.into()) }
}
