use async_graphql::parser::types::OperationType;

use super::*;

#[test]
fn an_ordinary_query_passes_and_is_described() {
    let document = "query($n:Int=2){ r:roles(first:$n) { nodes { id tasks { stage } } pageInfo { hasNextPage } } }";
    let checked = check(document).unwrap();
    assert_eq!(checked.operation_type, OperationType::Query);
    assert!(!checked.uses_introspection);
    assert_eq!((checked.depth, checked.root_fields, checked.aliases, checked.selections), (4, 1, 1, 7));
    assert_eq!(checked.cost, 1 + 1 + 2 * (1 + 1 + 10));
}

#[test]
fn aliases_are_bounded() {
    let aliases = |count: usize| (0..count).map(|i| format!("a{i}:id ")).collect::<String>();
    assert!(check(&format!("{{role{{{}}}}}", aliases(30))).is_ok());
    too_complex(&format!("{{role{{{}}}}}", aliases(31)), "Aliases, fragments included: 31; the limit is 30.");
}

#[test]
fn root_fields_are_bounded_however_they_are_written() {
    assert!(check(&format!("{{{}}}", "__typename ".repeat(20))).is_ok());
    too_complex(&format!("{{{}}}", "__typename ".repeat(21)), "Root fields: 21");
    too_complex(&format!("{{...f {}}} fragment f on Query{{...{{role{{id}}}}}}", "role{id}".repeat(20)), "Root fields");
}

#[test]
fn directives_are_bounded_everywhere() {
    let (five, six) = ("@a ".repeat(5), "@a ".repeat(6));
    for (before, after) in [
        ("{role", "{id}}"),
        ("{role{id ", "}}"),
        ("{... ", "{role{id}}}"),
        ("{...f ", "} fragment f on Query{role{id}}"),
        ("{role{id}} fragment f on Query ", "{role{id}}"),
        ("query q ", "{role{id}}"),
        ("query q($a:Int ", "){role{id}}"),
    ] {
        assert!(check(&format!("{before}{five}{after}")).is_ok(), "{before}");
        too_complex(&format!("{before}{six}{after}"), "Directives on one field");
    }
}

#[test]
fn arguments_are_bounded() {
    let arguments = |count: usize| (0..count).map(|i| format!("a{i}:1 ")).collect::<String>();
    assert!(check(&format!("{{role({}){{id}}}}", arguments(50))).is_ok());
    too_complex(&format!("{{role({}){{id}}}}", arguments(51)), "Arguments of one field");
    too_complex(&format!("{{role@a({}){{id}}}}", arguments(51)), "Arguments of one field");
}

#[test]
fn depth_counts_fields_only() {
    let nested = |levels: usize| format!("{{{}id{}}}", "missing{...{".repeat(levels), "}}".repeat(levels));
    assert_eq!(check(&nested(13)).unwrap().depth, 14);
    too_complex(&nested(14), "Levels of fields: 15; the limit is 14.");
    let fragments = "{role{...f}} fragment f on Role{versions{role{...g}}} fragment g on Role{title}";
    assert_eq!(check(fragments).unwrap().depth, 4);
}

#[test]
fn inline_fragments_cannot_nest_without_end() {
    let nested = |levels: usize| format!("{{{}role{{id}}{}}}", "...{".repeat(levels), "}".repeat(levels));
    assert!(check(&nested(60)).is_ok());
    too_complex(&nested(64), "Levels of brackets");
}

#[test]
fn selections_are_bounded() {
    assert!(check(&format!("{{role{{{}}}}}", "id ".repeat(1_999))).is_ok());
    too_complex(&format!("{{role{{{}}}}}", "id ".repeat(2_000)), "Selections, fragments included: 2001");
}

#[test]
fn the_whole_document_counts_but_only_one_operation_is_measured() {
    let deep = format!("query deep {{{}id{}}}", "role{".repeat(20), "}".repeat(20));
    let document = format!("{deep} mutation m {{createRole(input:{{}}){{role{{id}}}}}}");
    let checked = check_all(&document, Some("m"), "{}").unwrap();
    assert_eq!(checked.operation_type, OperationType::Mutation);
    assert_eq!(checked.selections, 21 + 3);
    assert!(check_all(&document, Some("deep"), "{}").is_err());
}

#[test]
fn without_one_operation_to_run_nothing_runs() {
    for (document, name) in [
        ("query a{role{id}} query b{role{id}}", None),
        ("query a{role{id}} query b{role{id}}", Some("c")),
        ("query a{role{id}}", Some("b")),
        ("{role{id}}", Some("a")),
    ] {
        let refusal = check_all(document, name, "{}").unwrap_err();
        assert_eq!(refusal.code.as_str(), "GRAPHQL_VALIDATION_FAILED", "{document}");
    }
    assert!(check_all("query a{role{id}}", Some("a"), "{}").is_ok());
    assert!(check_all("query a{role{id}}", None, "{}").is_ok());
}

#[test]
fn the_standard_introspection_query_passes() {
    let checked = check(INTROSPECTION).unwrap();
    assert!(checked.uses_introspection);
    assert_eq!(checked.depth, 1);
}

#[test]
fn introspection_is_bounded_by_lists_within_lists() {
    let nested = |lists: usize| format!("{}name{}", "fields{type{".repeat(lists), "}}".repeat(lists));
    assert!(check(&format!("{{__type(name:\"Role\"){{{}}}}}", nested(3))).is_ok());
    too_complex(&format!("{{__type(name:\"Role\"){{{}}}}}", nested(4)), "Lists within lists of introspection: 4");
    too_complex(&format!("{{__schema{{types{{{}}}}}}}", nested(3)), "Lists within lists");
    let hidden = "{...s} fragment s on Query{__schema{types{...t}}} fragment t on __Type{fields{type{...u}}} \
        fragment u on __Type{possibleTypes{interfaces{name}}}";
    too_complex(hidden, "Lists within lists");
    too_complex("{a:__schema{description} b:__schema{description}}", "`__schema` fields: 2");
    assert!(!check("{__typename role{__typename}}").unwrap().uses_introspection);
}

#[test]
fn limits_are_read_with_defaults_and_without_strangers() {
    let limits: GuardLimits = serde_json::from_str(r#"{"depth":5}"#).unwrap();
    assert_eq!(limits, GuardLimits { depth: 5, ..GuardLimits::default() });
    assert!(serde_json::from_str::<GuardLimits>(r#"{"dept":5}"#).is_err());
}

#[test]
fn a_refusal_keeps_its_code_on_other_transports() {
    let error = refused("{a:__schema{description} b:__schema{description}}").into_server_error();
    let code = error.extensions.as_ref().and_then(|values| values.get("code"));
    assert_eq!(code, Some(&async_graphql::Value::from("QUERY_TOO_COMPLEX")));
}
