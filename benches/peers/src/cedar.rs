//! `cedar-policy`: each rule a `permit` whose `when` is the condition; the policies that allowed a request are the rules that hit.

use std::str::FromStr;

use cedar_policy::{Authorizer, Context, Entities, EntityUid, PolicySet, Request as Asked};
use countersign_core::model::{Definition, Request};
use countersign_benches::subset::{Cond, Words, write};
use countersign_benches::world::Failed;
use serde_json::Value as Json;

const WORDS: Words = Words {
    and: " && ",
    or: " || ",
    not: |inner| format!("(!({inner}))"),
    missing: |field| {
        let (group, name) = field.split_once('.').unwrap_or((field, ""));
        format!("(!(context.{group} has {name}))")
    },
    flag: |field| format!("context.{field}"),
    text: |text| format!("\"{text}\""),
    field: |field| format!("context.{field}"),
    within: |field, values| format!("([{values}].contains({field}))"),
};

pub struct Peer {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
}

impl Peer {
    pub fn new(rules: &[(&'static str, Cond)]) -> Result<Self, Failed> {
        let policies: Vec<String> = rules
            .iter()
            .map(|(_, cond)| format!("permit(principal, action, resource) when {{ {} }};", write(cond, &WORDS)))
            .collect();
        let policies = PolicySet::from_str(&policies.join("\n"))?;
        Ok(Self { authorizer: Authorizer::new(), policies, entities: Entities::empty() })
    }

    pub fn decide(&self, request: &Asked) -> u32 {
        let response = self.authorizer.is_authorized(request, &self.policies, &self.entities);
        // A set that was read from one text names its policies by their position: policy0, policy1.
        response.diagnostics().reason().fold(0, |bits, id| {
            let name: &str = id.as_ref();
            let at = name.strip_prefix("policy").and_then(|number| number.parse::<u32>().ok());
            bits | at.map_or(0, |at| 1 << at)
        })
    }
}

pub fn request(definition: &Definition, rules: &[(&'static str, Cond)], request: &Request) -> Result<Asked, Failed> {
    let context = Json::Object(crate::groups(definition, rules, request, false));
    let who = |text: &str| EntityUid::from_str(text).map_err(|error| error.to_string());
    let context = Context::from_json_value(context, None)?;
    Ok(Asked::new(who("Platform::\"one\"")?, who("Action::\"decide\"")?, who("Gateway::\"one\"")?, context, None)?)
}
