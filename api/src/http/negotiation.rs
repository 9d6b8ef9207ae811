//! Which media type an answer comes in.

use actix_web::http::StatusCode;

use super::protocol::{MediaType, ProtocolError};

/// Chooses the media type of the answer from the `Accept` header.
///
/// Without a header, and for wildcards, `application/json`; of two named types with the same weight,
/// `application/graphql-response+json`.
///
/// # Errors
///
/// 406 if the header allows neither.
pub fn negotiate(accept: Option<&str>) -> Result<MediaType, ProtocolError> {
    let Some(accept) = accept.filter(|accept| !accept.trim().is_empty()) else {
        return Ok(MediaType::Json);
    };
    let json = Preference::of("json", accept);
    let graphql = Preference::of("graphql-response+json", accept);
    let media = if graphql.is_named && graphql.weight >= json.weight || graphql.weight > json.weight {
        MediaType::GraphqlResponse
    } else {
        MediaType::Json
    };
    if graphql.weight.max(json.weight) > 0.0 {
        return Ok(media);
    }
    let message = "Answers come as `application/graphql-response+json` or `application/json`.";
    Err(ProtocolError::new(StatusCode::NOT_ACCEPTABLE, "BAD_USER_INPUT", message))
}

/// What an `Accept` header says about one subtype of `application`.
#[derive(Default)]
struct Preference {
    /// From 0, not acceptable, to 1.
    weight: f32,
    /// Whether the type was named in full.
    is_named: bool,
}

impl Preference {
    /// The most specific range counts, whatever the weights of the others.
    fn of(subtype: &str, accept: &str) -> Self {
        let mut best = (0, 0.0);
        for range in accept.split(',') {
            let mut parts = range.split(';').map(str::trim);
            let specificity = specificity(parts.next().unwrap_or_default(), subtype);
            if specificity > best.0 {
                best = (specificity, weight(parts));
            }
        }
        Self { weight: best.1, is_named: best.0 == 3 }
    }
}

/// 3 for the type itself, 2 and 1 for wildcards, 0 for a range that does not hold it.
fn specificity(range: &str, subtype: &str) -> u8 {
    match range.split_once('/') {
        Some(("*", "*")) => 1,
        Some((kind, rest)) if kind.eq_ignore_ascii_case("application") => match rest {
            "*" => 2,
            rest => 3 * u8::from(rest.eq_ignore_ascii_case(subtype)),
        },
        _ => 0,
    }
}

/// The `q` of a range; 1 without one, 0 for one that is no weight.
fn weight<'p>(mut parameters: impl Iterator<Item = &'p str>) -> f32 {
    let q = parameters.find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then(|| value.trim())
    });
    let weight = q.map_or(1.0, |q| q.parse().unwrap_or(0.0));
    if (0.0..=1.0).contains(&weight) { weight } else { 0.0 }
}
