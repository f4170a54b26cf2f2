//! Notes the place of each part of a file, under the paths that [`Definition::places`](countersign_core::model::Definition::places) lists.

use crate::at::At;
use countersign_core::text::Places;

/// Parts of `schema.ron`: `schema.<group>.<field>.…`, `schema.roles.…`, `schema.name`, `schema.zone`.
pub(super) fn schema(places: &mut Places, top: At<'_>) {
    places.insert("schema", top.span());
    for (name, part) in top.parts() {
        match name {
            Some("groups") => groups(places, part),
            Some(name) => all(places, &format!("schema.{name}"), part),
            None => {}
        }
    }
}

fn groups(places: &mut Places, at: At<'_>) {
    for (group, part) in at.parts() {
        let path = format!("schema.{}", group.unwrap_or_default());
        places.insert(path.clone(), part.span());
        all(places, &format!("{path}.text"), part.field("text"));
        for (field, part) in part.field("fields").parts() {
            let path = format!("{path}.{}", field.unwrap_or_default());
            all(places, &path, part);
            // An enum's values are one level deeper, inside `Enum( … )`.
            for (value, text) in part.field("type").item(0).parts() {
                all(places, &format!("{path}.type.{}", value.unwrap_or_default()), text);
            }
        }
    }
}

/// Parts of `ruleset.ron`; rules, stages and invariants by their ids.
pub(super) fn rule_set(places: &mut Places, top: At<'_>) {
    for (name, part) in top.parts() {
        match name {
            Some("stages") => stages(places, part),
            Some("invariants") => by_id(places, "invariants", part),
            Some(name) => all(places, name, part),
            None => {}
        }
    }
}

fn stages(places: &mut Places, at: At<'_>) {
    places.insert("stages", at.span());
    for (_, stage) in at.parts() {
        let Some(id) = stage.field("id").plain() else { continue };
        let path = format!("stages.{id}");
        places.insert(path.clone(), stage.span());
        for (name, part) in stage.parts() {
            match name {
                Some("rules") => {
                    places.insert(format!("{path}.rules"), part.span());
                    by_id(places, "rules", part);
                }
                Some(name) => all(places, &format!("{path}.{name}"), part),
                None => {}
            }
        }
    }
}

/// Items of a list, each under its `id`; the first of a name counts.
pub(super) fn by_id(places: &mut Places, path: &str, at: At<'_>) {
    for (_, item) in at.parts() {
        if let Some(id) = item.field("id").plain() {
            all(places, &format!("{path}.{id}"), item);
        }
    }
}

/// A part and everything in it, by names, and by numbers where parts have no names.
pub(super) fn all(places: &mut Places, path: &str, at: At<'_>) {
    places.insert(path, at.span());
    for (position, (name, part)) in at.parts().enumerate() {
        match name {
            Some(name) => all(places, &format!("{path}.{name}"), part),
            None => all(places, &format!("{path}.{position}"), part),
        }
    }
}
