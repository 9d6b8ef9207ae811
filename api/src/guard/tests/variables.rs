use async_graphql::Value;

use super::*;

/// A request of 240 kB and 300 bytes for which the engine takes gigabytes.
#[test]
fn a_large_variable_cannot_be_used_often() {
    let variables = format!("{{\"v\":[{}1]}}", "1,".repeat(100_000));
    let uses = |count: usize| format!("query($v:[ID!]!){{nodes(ids:[{}]){{id}}}}", "$v,".repeat(count));
    let refused = |document: &str| {
        let refusal = check_all(document, None, &variables).unwrap_err();
        assert!(refusal.message.starts_with("Values and bytes in arguments"), "{}", refusal.message);
    };
    refused(&uses(5));
    refused(&uses(3_000));
    refused(&format!("query($v:[ID!]!){{role{{{}}}}}", "id(x:$v)".repeat(5)));
    refused(&format!("query($v:[ID!]!){{role{{{}}}}}", "id @include(if:$v)".repeat(5)));
    refused("query($v:[ID!]!){...f ...f ...f ...f ...f} fragment f on Query{role(x:{y:$v}){id}}");
    refused(&format!("query($v:[ID!]!) @a(x:[{}]) {{role{{id}}}}", "$v,".repeat(5)));
}

#[test]
fn a_large_input_passes_where_it_is_used_once() {
    let input = format!("{{\"i\":{{\"title\":\"{}\"}}}}", "x".repeat(250_000));
    let document = "mutation($i:RoleInput!){createRole(input:$i){role{id}}}";
    assert_eq!(check_all(document, None, &input).unwrap().cost, 10 + 250 + 1);
}

#[test]
fn defaults_weigh_as_much_as_what_is_sent() {
    let default = "\"x\" ".repeat(2_000);
    let document = format!("query($v:[ID!]=[{default}]){{nodes(ids:[{}]){{id}}}}", "$v,".repeat(200));
    too_complex(&document, "Values and bytes in arguments");
}

#[test]
fn values_cannot_nest_without_end() {
    let nested = |levels: usize| format!("{{\"v\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
    assert!(check_all("query($v:Json){role{id}}", None, &nested(64)).is_ok());
    let refusal = check_all("query($v:Json){role{id}}", None, &nested(65)).unwrap_err();
    assert_eq!(refusal.code.as_str(), "BAD_USER_INPUT");
}

#[test]
fn declarations_are_bounded() {
    let declare = |count: usize| (0..count).map(|i| format!("$v{i}:Int ")).collect::<String>();
    assert!(check(&format!("query({}){{role{{id}}}}", declare(200))).is_ok());
    too_complex(&format!("query({}){{role{{id}}}}", declare(201)), "Variables in the document");
}

#[test]
fn a_variable_that_must_be_given_is_given() {
    let document = "query($n:ID!){node(id:$n){id}}";
    assert!(check_all(document, None, r#"{"n":"x"}"#).is_ok());
    assert!(check_all("query($n:ID!=\"x\"){node(id:$n){id}}", None, "{}").is_ok());
    for (document, variables) in
        [(document, "{}"), (document, r#"{"n":null}"#), ("query($n:ID!=1){node(id:$n){id}}", r#"{"n":null}"#)]
    {
        let refusal = check_all(document, None, variables).unwrap_err();
        assert_eq!(refusal.code, RefusalCode::BadInput);
        assert_eq!(refusal.message, "The variable `$n` must be given, and not be null.");
    }
    assert!(check_all("query a{role{id}} query b($n:ID!){node(id:$n){id}}", Some("a"), "{}").is_ok());
}

#[test]
fn defaults_are_filled_in_where_nothing_was_sent() {
    let document =
        parse_query("query a($x:Boolean=true,$y:Int=1,$z:Int){role{id}} query b($x:Int=2){role{id}}").unwrap();
    let mut variables: Variables = serde_json::from_str(r#"{"y":null}"#).unwrap();
    fill_in_defaults(&document, None, &mut variables);
    assert_eq!(variables.len(), 1);
    fill_in_defaults(&document, Some("a"), &mut variables);
    assert_eq!(variables.get("x"), Some(&Value::Boolean(true)));
    assert_eq!(variables.get("y"), Some(&Value::Null));
    assert_eq!(variables.len(), 2);
}
