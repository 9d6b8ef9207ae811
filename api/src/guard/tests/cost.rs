use super::*;

fn cost(document: &str) -> u64 {
    check(document).unwrap().cost
}

fn cost_with(document: &str, variables: &str) -> u64 {
    check_all(document, None, variables).unwrap().cost
}

#[test]
fn objects_cost_one_and_scalars_nothing() {
    assert_eq!(cost("{__typename}"), 0);
    assert_eq!(cost("{role{id title stack}}"), 1);
    assert_eq!(cost("{role{tasks{id}}}"), 1 + 1 + 10);
    assert_eq!(cost("{role{tasks{skills{key}}}}"), 1 + 1 + 10 * (1 + 1 + 10));
}

#[test]
fn a_page_counts_once() {
    assert_eq!(cost("{roles(first:7){totalCount}}"), 1);
    assert_eq!(cost("{roles(first:7){pageInfo{hasNextPage}}}"), 2);
    assert_eq!(cost("{roles(first:7){nodes{id}}}"), 1 + 7);
    assert_eq!(cost("{roles(first:7){edges{cursor}}}"), 1 + 7);
    assert_eq!(cost("{roles(first:7){edges{node{id}}}}"), 1 + 7 * 2);
    assert_eq!(cost("{roles(first:7){...p pageInfo{hasNextPage}}} fragment p on RoleConnection{n:nodes{id}}"), 2 + 7);
    assert_eq!(cost("{roles(first:7){...{... on RoleConnection{nodes{id}}}}}"), 1 + 7);
}

#[test]
fn one_fragment_serves_pages_of_any_size() {
    let document = "{a:roles(first:3){...p} b:roles(first:50){...p}} fragment p on RoleConnection{nodes{id}}";
    assert_eq!(cost(document), 2 + 3 + 50);
}

#[test]
fn page_sizes_come_from_literals_variables_and_defaults() {
    assert_eq!(cost("{roles{nodes{id}}}"), 1 + 25);
    assert_eq!(cost("{roles(first:null){nodes{id}}}"), 1 + 25);
    assert_eq!(cost("{roles(last:9){nodes{id}}}"), 1 + 9);
    assert_eq!(cost("{roles(first:3,last:9){nodes{id}}}"), 1 + 9);
    assert_eq!(cost("{roles(first:-3){nodes{id}}}"), 1);
    assert_eq!(cost("{role{versions{number}}}"), 1 + 1 + 5);
    assert_eq!(cost("{role{versions(first:8){number}}}"), 1 + 1 + 8);
    let document = "query($n:Int=4){roles(first:$n){nodes{id}}}";
    assert_eq!(cost_with(document, "{}"), 1 + 4);
    assert_eq!(cost_with(document, r#"{"n":60}"#), 1 + 60);
    assert_eq!(cost_with(document, r#"{"n":null}"#), 1 + 25);
    assert_eq!(cost_with("query($n:Int){roles(first:$n){nodes{id}}}", "{}"), 1 + 25);
    assert_eq!(cost_with("query($n:Int){roles(first:$n){nodes{id}}}", r#"{"n":"x"}"#), 1 + 25);
}

#[test]
fn ordinary_pages_pass_and_products_do_not() {
    assert_eq!(cost("{roles(first:50){nodes{id title tasks{id stage} skills{key}}}}"), 1 + 50 * (1 + 11 + 11));
    assert_eq!(
        cost("{roles(first:25){nodes{related(first:25){nodes{id}} r:related{edges{node{id}}}}}}"),
        1 + 25 * (1 + (1 + 25) + (1 + 25 * 2))
    );
    let product = "{roles(first:100){nodes{related(first:100){nodes{related(first:100){nodes{id}}}}}}}";
    too_complex(product, "Cost in points: 1020201; the limit is 20000.");
}

#[test]
fn sums_do_not_overflow() {
    let huge = u64::MAX;
    let document = format!("{{roles(first:{huge}){{nodes{{related(first:{huge}){{nodes{{id}} edges{{cursor}}}}}}}}}}");
    too_complex(&document, "Cost in points: 18446744073709551615");
    too_complex("{roles(first:1e300){nodes{id}}}", "Cost in points");
}

#[test]
fn other_lists_are_as_long_as_the_lists_asked_for() {
    assert_eq!(cost("{nodes(ids:[\"a\"]){id}}"), 1 + 10);
    let ids = "\"a\",".repeat(40);
    assert_eq!(cost(&format!("{{nodes(ids:[{ids}]){{id}}}}")), 1 + 40);
    let variables = format!("{{\"ids\":[{}\"a\"]}}", ids);
    assert_eq!(cost_with("query($ids:[ID!]!){nodes(ids:$ids){id}}", &variables), 1 + 41);
}

#[test]
fn the_dearest_possible_type_counts() {
    let task = "... on Task{skills{key}}";
    let role = "... on Role{tasks{id} skills{key}}";
    assert_eq!(cost(&format!("{{node(id:1){{id {task} {role}}}}}")), 1 + 22);
    assert_eq!(cost(&format!("{{node(id:1){{...{{{task}}} {task} {role}}}}}")), 1 + 22 + 11);
    assert_eq!(cost(&format!("{{search{{{task} {role}}}}}")), 1 + 10 * (1 + 22));
    assert_eq!(cost(&format!("{{search{{... on Node{{{task} {role}}}}}}}")), 1 + 10 * (1 + 22));
}

#[test]
fn mutations_and_introspection_have_their_price() {
    assert_eq!(cost("mutation{createRole(input:{}){role{id} userErrors{message}}}"), 10 + 1 + 11);
    assert_eq!(cost("{__type(name:\"Role\"){name}}"), 100);
    assert_eq!(cost(INTROSPECTION), 100);
}

#[test]
fn large_arguments_cost_wherever_they_are_read_again() {
    let document = "query($t:String){roles(first:100){nodes{related(first:1,after:$t){totalCount}}}}";
    let large = format!("{{\"t\":\"{}\"}}", "x".repeat(10_000));
    assert_eq!(cost_with(document, &large), 1 + 100 * (1 + 1 + 10));
}

#[test]
fn fields_that_do_not_exist_are_left_to_the_engine() {
    assert_eq!(cost("{missing{missing}}"), 2);
}

#[test]
fn a_schema_that_does_not_parse_is_an_error() {
    let error = CostModel::from_sdl("type {").unwrap_err();
    assert!(error.to_string().starts_with("the printed schema does not parse"));
}

#[test]
fn tables_grow_with_both_sides() {
    let cost_of = |input: &str| cost(&format!("{{clientComparison(input:{input}){{rows{{cells{{score}}}}}}}}"));
    // Ten rows with ten cells each.
    let tens = |number: u64| 1 + number * (1 + 10 * (1 + 1 + 10));
    assert_eq!(cost_of(r#"{clientIds:["a"],canonicalRoleKeys:["k"]}"#), tens(1));
    let ids = |number: usize| vec!["\"x\""; number].join(",");
    assert_eq!(cost_of(&format!("{{clientIds:[{}],canonicalRoleKeys:[{}]}}", ids(10), ids(10))), tens(1));
    assert_eq!(cost_of(&format!("{{clientIds:[{}],canonicalRoleKeys:[{}]}}", ids(11), ids(21))), tens(2 * 3));
    assert_eq!(cost_of(r#"{family:"f"}"#), tens(5 * 5));
    assert_eq!(cost_of(r#"{clientIds:null,canonicalRoleKeys:"one"}"#), tens(5));
    let document = "query($i:ComparisonInput!){clientComparison(input:$i){rows{cells{score}}}}";
    let input = format!(r#"{{"i":{{"clientIds":[{}],"canonicalRoleKeys":[{}]}}}}"#, ids(50), ids(50));
    assert_eq!(cost_with(document, &input), tens(25));
    assert_eq!(cost_with(document, r#"{"i":{"clientIds":null}}"#), tens(5 * 5));
    let document =
        "query($k:[String!]){clientComparison(input:{clientIds:[],canonicalRoleKeys:$k}){rows{cells{score}}}}";
    assert_eq!(cost_with(document, &format!(r#"{{"k":[{}]}}"#, ids(31))), tens(4));
    assert_eq!(cost_with(document, "{}"), tens(5));
    let mixes = "{clientComparison(input:{}){rows{mix{stage}}}}";
    assert_eq!(cost(mixes), 1 + 25 * (1 + 10 * (1 + 1 + 4)), "there are four stages");
}
