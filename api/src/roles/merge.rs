//! A change put onto a definition, and what the audit log says about it.

use async_graphql::MaybeUndefined;
use domain::roles::{RoleDefinition, Task};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::inputs::{UpdateRoleConfigurationInput, UpdateRoleTaskInput, all};

/// The definition with the change put onto it: what is left out stays, null clears.
pub(super) fn merged(before: &RoleDefinition, input: UpdateRoleConfigurationInput) -> RoleDefinition {
    let mut after = before.clone();
    replace(&mut after.title, input.title.map_value(|title| title.trim().to_owned()));
    put(&mut after.family, input.family);
    put(&mut after.level, input.level);
    put(&mut after.summary, input.summary);
    if !input.headcount.is_undefined() {
        after.headcount = input.headcount.take().unwrap_or(1.0);
    }
    put(&mut after.coordination_share, input.coordination_share);
    put(&mut after.current_ai_adoption, input.current_ai_adoption);
    put(&mut after.canonical_role, input.canonical_role_key);
    replace(&mut after.technology_stack, input.technology_stack);
    replace(&mut after.tasks, input.tasks.map_value(all));
    replace(&mut after.skills, input.skills.map_value(all));
    replace(&mut after.pathways, input.career_pathways.map_value(all));
    after.with_normalized_keys()
}

/// Puts the change onto a task.
pub(super) fn merge_task(task: &mut Task, input: UpdateRoleTaskInput) {
    replace(&mut task.title, input.title);
    put(&mut task.description, input.description);
    put(&mut task.rationale, input.rationale);
    if !input.stage.is_undefined() {
        task.stage = input.stage.take().map(Into::into);
        task.stage_is_derived = false;
    }
    put(&mut task.consequence, input.consequence);
    put(&mut task.canonical_task, input.canonical_task_key);
}

pub(super) fn put<T>(value: &mut Option<T>, change: MaybeUndefined<T>) {
    match change {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => *value = None,
        MaybeUndefined::Value(new) => *value = Some(new),
    }
}

/// Of a value that is always there, null makes the empty one: an empty list, or a text that validation asks for.
fn replace<T: Default>(value: &mut T, change: MaybeUndefined<T>) {
    if !change.is_undefined() {
        *value = change.take().unwrap_or_default();
    }
}

/// What changed, for the audit log: each changed field before and after, of lists the changed entries only.
pub(super) fn changes(before: &RoleDefinition, after: &RoleDefinition) -> Value {
    let mut changes = Map::new();
    let mut note = |field: &str, change: Option<Value>| {
        if let Some(change) = change {
            changes.insert(field.to_owned(), change);
        }
    };
    note("title", changed(&before.title, &after.title));
    note("family", changed(&before.family, &after.family));
    note("level", changed(&before.level, &after.level));
    note("summary", changed(&before.summary, &after.summary));
    note("headcount", changed(&before.headcount, &after.headcount));
    note("coordinationShare", changed(&before.coordination_share, &after.coordination_share));
    note("currentAiAdoption", changed(&before.current_ai_adoption, &after.current_ai_adoption));
    note("technologyStack", changed(&before.technology_stack, &after.technology_stack));
    note("canonicalRoleKey", changed(&before.canonical_role, &after.canonical_role));
    note("tasks", changed_entries(&before.tasks, &after.tasks, |task| &task.key));
    note("skills", changed_entries(&before.skills, &after.skills, |skill| &skill.name));
    note("careerPathways", changed_entries(&before.pathways, &after.pathways, |pathway| &pathway.target));
    Value::Object(changes)
}

fn changed<T: PartialEq + Serialize>(before: &T, after: &T) -> Option<Value> {
    (before != after).then(|| json!({ "before": before, "after": after }))
}

fn changed_entries<T: PartialEq + Serialize>(before: &[T], after: &[T], key: fn(&T) -> &String) -> Option<Value> {
    if before == after {
        return None;
    }
    let find = |list: &[T], wanted: &str| list.iter().position(|entry| key(entry) == wanted);
    let mut entries = Vec::new();
    for entry in after {
        let old = find(before, key(entry)).and_then(|index| before.get(index));
        match old {
            Some(old) if old == entry => {}
            Some(old) => entries.push(changed_fields(key(entry), old, entry)),
            None => entries.push(json!({ "key": key(entry), "before": null, "after": entry })),
        }
    }
    let gone = before.iter().filter(|entry| find(after, key(entry)).is_none());
    entries.extend(gone.map(|entry| json!({ "key": key(entry), "before": entry, "after": null })));
    // Nothing but the order changed.
    if entries.is_empty() {
        let order = |list: &[T]| list.iter().map(|entry| key(entry).clone()).collect::<Vec<_>>();
        entries.push(json!({ "before": order(before), "after": order(after) }));
    }
    Some(Value::Array(entries))
}

/// The fields in which two states of an entry differ.
fn changed_fields<T: Serialize>(key: &str, before: &T, after: &T) -> Value {
    let (Value::Object(before), Value::Object(after)) = (json!(before), json!(after)) else { return Value::Null };
    let only = |these: &Map<String, Value>, those: &Map<String, Value>| -> Map<String, Value> {
        let differing = these.iter().filter(|(field, value)| those.get(*field) != Some(*value));
        differing.map(|(field, value)| (field.clone(), value.clone())).collect()
    };
    json!({ "key": key, "before": only(&before, &after), "after": only(&after, &before) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(tasks: &[(&str, &str)]) -> RoleDefinition {
        let task = |(key, title): &(&str, &str)| Task { key: (*key).into(), title: (*title).into(), ..Task::default() };
        RoleDefinition { title: "A".into(), tasks: tasks.iter().map(task).collect(), ..RoleDefinition::default() }
    }

    #[test]
    fn only_what_changed_is_noted() {
        let before = definition(&[("a", "A"), ("b", "B"), ("c", "C")]);
        let after = definition(&[("a", "A"), ("b", "B!"), ("d", "D")]);
        let changes = changes(&before, &after);
        assert_eq!(changes.as_object().unwrap().keys().collect::<Vec<_>>(), ["tasks"]);
        assert_eq!(changes["tasks"].as_array().unwrap().len(), 3);
        assert_eq!(changes["tasks"][0], json!({ "key": "b", "before": { "title": "B" }, "after": { "title": "B!" } }));
        assert_eq!(changes["tasks"][2]["after"], Value::Null);
    }

    #[test]
    fn a_new_order_is_a_change() {
        let changes = changes(&definition(&[("a", "A"), ("b", "B")]), &definition(&[("b", "B"), ("a", "A")]));
        assert_eq!(changes["tasks"][0]["after"], json!(["b", "a"]));
    }
}
