//! Who must approve a release: how many, in which roles, for which parts. A gateway, a build server and a workspace each hold a policy
//! file of their own; a release never says what is required of it.

use std::collections::HashSet;

use serde::Deserialize;

use super::Refused;
use super::approval::{MAKER, is_ending, is_role};
use super::pattern::matches_any;
use super::refusal;
use super::ron_file::{RonFaults, read_ron};
use crate::text::LocalText;

/// What a policy file of this program begins with.
const FORMAT: u32 = 1;

/// Who must approve (审批策略). Nothing is required by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// How many principals must approve any release, besides the maker who submits it.
    pub approvals: usize,
    /// Who may act in which role; with none, every trusted signer may act in any.
    pub roles: Vec<PolicyRole>,
    /// What more is needed for changes of certain parts.
    pub needs: Vec<NeedRule>,
    /// Releases of a lower format are refused.
    pub release_format: u32,
    /// Who may revoke releases and keys; any one who may approve where it is left out.
    pub revokers: Option<Revokers>,
    /// Who may publish, with a key, as patterns; anyone where it is left out.
    pub publishers: Option<Vec<String>>,
    /// What a release needs that only switches rules of the live one off; what any release needs where it is left out.
    pub switch_off: Option<SwitchOffNeed>,
    /// Whether every new entry of the workspace's journal must be signed.
    pub signed_journal: bool,
}

/// Who must approve a release that only switches rules off.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SwitchOffNeed {
    /// The role that must approve.
    pub role: String,
    /// How many principals in that role.
    #[serde(default = "one")]
    pub approvals: usize,
}

/// Who may revoke releases and keys.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revokers {
    /// Principals as patterns, as a role has them.
    pub principals: Vec<String>,
    /// How many of them must sign a list of revocations.
    #[serde(default = "one")]
    pub signatures: usize,
}

/// Who may act in a role.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyRole {
    /// Its id, as an approval names it: `head_office_risk`.
    pub id: String,
    /// What it is, for people.
    pub title: LocalText,
    /// Principals as patterns: `wang.wei@bank.example`, `*@it.bank.example`, `!li.na@it.bank.example`.
    pub principals: Vec<String>,
}

/// What a change of a part needs.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeedRule {
    /// The part.
    pub change: ChangedPart,
    /// The role that must approve.
    pub role: String,
    /// How many principals in that role.
    #[serde(default = "one")]
    pub approvals: usize,
}

fn one() -> usize {
    1
}

/// Parts of a release that may need a role, by patterns over their ids.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub enum ChangedPart {
    /// Any change at all.
    Anything,
    /// A stage: its kind, its bands, its rules and their scripts; the shared functions count for every stage.
    Stage(String),
    /// A parameter.
    Parameter(String),
    /// A list.
    List(String),
    /// The schema.
    Schema,
    /// Everything else: interfaces, reasons, invariants, what an error means, names and titles.
    Settings,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyFile {
    format: u32,
    approvals: usize,
    #[serde(default)]
    roles: Vec<PolicyRole>,
    #[serde(default)]
    needs: Vec<NeedRule>,
    #[serde(default)]
    release_format: u32,
    #[serde(default)]
    revokers: Option<Revokers>,
    #[serde(default)]
    publishers: Option<Vec<String>>,
    #[serde(default)]
    switch_off: Option<SwitchOffNeed>,
    #[serde(default)]
    signed_journal: bool,
}

impl Policy {
    /// Asks for so many approvals, in whatever roles.
    #[must_use]
    pub fn of(approvals: usize) -> Self {
        Self { approvals, ..Self::default() }
    }

    /// The same policy that asks for at least so many approvals.
    #[must_use]
    pub fn at_least(self, approvals: usize) -> Self {
        Self { approvals: self.approvals.max(approvals), ..self }
    }

    /// Whether any approval is needed.
    #[must_use]
    pub fn asks(&self) -> bool {
        self.approvals > 0 || !self.needs.is_empty()
    }

    /// The role of that id.
    #[must_use]
    pub fn role(&self, id: &str) -> Option<&PolicyRole> {
        self.roles.iter().find(|role| role.id == id)
    }

    /// Whether a principal may sign a list of revocations.
    #[must_use]
    pub fn may_revoke(&self, principal: &str) -> bool {
        match &self.revokers {
            Some(revokers) => matches_any(principal, revokers.principals.iter().map(String::as_str)),
            None => self.roles.is_empty() || self.roles_of(principal).next().is_some(),
        }
    }

    /// Whether a principal may publish.
    #[must_use]
    pub fn may_publish(&self, principal: &str) -> bool {
        self.publishers.as_ref().is_none_or(|publishers| matches_any(principal, publishers.iter().map(String::as_str)))
    }

    /// How many must sign a list of revocations.
    #[must_use]
    pub fn revoking_signatures(&self) -> usize {
        self.revokers.as_ref().map_or(1, |revokers| revokers.signatures)
    }

    /// The roles a principal may act in.
    pub fn roles_of(&self, principal: &str) -> impl Iterator<Item = &PolicyRole> {
        self.roles.iter().filter(move |role| role.is_open_to(principal))
    }

    /// Reads a policy file; `name` is what findings call it, such as `approvals.ron`.
    ///
    /// # Errors
    /// The file is not exactly a policy: every fault with its place.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Self, Refused> {
        let (file, mut wrong) = read_ron::<PolicyFile>(name, bytes, refusal::POLICY)?;
        if file.format != FORMAT {
            let message = LocalText::new(
                format!("format `{}` of a policy is not known here, only format {FORMAT}", file.format),
                format!("不支持格式 `{}` 的审批策略，本程序只支持格式 {FORMAT}", file.format),
            );
            wrong.at(&file.format.to_string(), message);
        }
        let PolicyFile { approvals, roles, needs, release_format, revokers, publishers, switch_off, signed_journal, .. } = file;
        let policy = Self { approvals, roles, needs, release_format, revokers, publishers, switch_off, signed_journal };
        policy.check(&mut wrong);
        wrong.end().map(|_| policy)
    }

    fn check(&self, wrong: &mut RonFaults) {
        let mut ids = HashSet::new();
        for role in &self.roles {
            let id = &role.id;
            if !is_role(id) || id == MAKER || is_ending(id) {
                wrong.at(id, LocalText::new(format!("`{id}` cannot be a role's id"), format!("`{id}` 不能作为角色标识")));
            }
            if !ids.insert(id.as_str()) {
                wrong.at(id, LocalText::new(format!("the role `{id}` appears twice"), format!("角色 `{id}` 出现了两次")));
            }
            if !role.principals.iter().any(|pattern| !pattern.starts_with('!')) {
                let message = LocalText::new(format!("nobody may act in the role `{id}`"), format!("没有人可以担任角色 `{id}`"));
                wrong.at(id, message);
            }
            check_patterns(&role.principals, wrong);
        }
        if let Some(revokers) = &self.revokers {
            check_patterns(&revokers.principals, wrong);
            if !revokers.principals.iter().any(|pattern| !pattern.starts_with('!')) {
                wrong.at("revokers", LocalText::new("nobody may revoke", "没有人可以撤销"));
            }
            if revokers.signatures == 0 {
                wrong.at(
                    "signatures",
                    LocalText::new("a list that nobody signed revokes nothing", "无人签署的清单不能撤销任何内容"),
                );
            }
        }
        if let Some(publishers) = &self.publishers {
            check_patterns(publishers, wrong);
            if !publishers.iter().any(|pattern| !pattern.starts_with('!')) {
                wrong.at("publishers", LocalText::new("nobody may publish", "没有人可以上线"));
            }
        }
        let needs = self.needs.iter().map(|need| (&need.role, need.approvals));
        for (role, approvals) in needs.chain(self.switch_off.as_ref().map(|need| (&need.role, need.approvals))) {
            if !ids.contains(role.as_str()) {
                let message = LocalText::new(format!("the role `{role}` is not defined"), format!("角色 `{role}` 未定义"));
                wrong.at(role, message);
            }
            if approvals == 0 {
                wrong.at("0", LocalText::new("a need of no approval asks for nothing", "需要 0 份审批等于没有要求"));
            }
        }
    }
}

fn check_patterns(patterns: &[String], wrong: &mut RonFaults) {
    for pattern in patterns.iter().filter(|pattern| !is_pattern(pattern)) {
        let message = LocalText::new(format!("`{pattern}` cannot name anyone"), format!("`{pattern}` 无法匹配任何人员"));
        wrong.at(pattern, message);
    }
}

impl PolicyRole {
    /// Whether a principal may act in it.
    #[must_use]
    pub fn is_open_to(&self, principal: &str) -> bool {
        matches_any(principal, self.principals.iter().map(String::as_str))
    }
}

/// Whether a text can be a pattern of principals.
fn is_pattern(text: &str) -> bool {
    let body = text.strip_prefix('!').unwrap_or(text);
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, ',' | '"' | '!' | '#');
    !body.is_empty() && body.len() <= 256 && body.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"(
    format: 1,
    approvals: 2,
    roles: [
        (id: "head_office_risk", title: (en: "Head-office risk", zh: "总行风险"), principals: ["wang.wei@bank.example"]),
        (id: "it", title: (en: "IT", zh: "信息科技"), principals: ["*@it.bank.example", "!li.na@it.bank.example"]),
    ],
    needs: [
        (change: Stage("limits"), role: "head_office_risk"),
        (change: Parameter("*_limit"), role: "head_office_risk", approvals: 1),
        (change: Schema, role: "it"),
    ],
    revokers: (principals: ["*@it.bank.example"], signatures: 2),
    switch_off: (role: "it"),
    publishers: ["*@it.bank.example"],
)
"#;

    #[test]
    fn a_policy_is_read_with_its_roles_and_needs() {
        let policy = Policy::read("approvals.ron", GOOD.as_bytes()).unwrap_or_else(|refused| panic!("{refused}"));
        assert_eq!((policy.approvals, policy.roles.len(), policy.needs.len()), (2, 2, 3));
        assert_eq!(
            policy.needs[0],
            NeedRule { change: ChangedPart::Stage("limits".to_owned()), role: "head_office_risk".to_owned(), approvals: 1 }
        );
        let roles = |principal| policy.roles_of(principal).map(|role| role.id.as_str()).collect::<Vec<_>>();
        assert_eq!(roles("wang.wei@bank.example"), ["head_office_risk"]);
        assert_eq!(roles("zhao@it.bank.example"), ["it"]);
        assert!(roles("li.na@it.bank.example").is_empty());
        assert!(!Policy::default().asks() && Policy::of(1).asks());
        assert_eq!(Policy::of(1).at_least(2).approvals, 2);
    }

    #[test]
    fn what_is_wrong_with_a_policy_is_said_at_its_place() {
        for (old, new, place) in [
            ("format: 1", "format: 2", "2:13: format `2` of a policy"),
            ("approvals: 2", "approvals: -1", "3:"),
            ("approvals: 2", "aprovals: 2", "there is no field `aprovals` here"),
            ("\"it\", title", "\"maker\", title", "6:15: `maker` cannot be a role's id"),
            ("\"it\", title", "\"head_office_risk\", title", "appears twice"),
            ("[\"wang.wei@bank.example\"]", "[]", "nobody may act in the role `head_office_risk`"),
            ("*@it.bank.example", "a b", "`a b` cannot name anyone"),
            ("Schema, role: \"it\"", "Schema, role: \"risk\"", "the role `risk` is not defined"),
            ("switch_off: (role: \"it\")", "switch_off: (role: \"duty\")", "14:25: the role `duty` is not defined"),
            ("approvals: 1)", "approvals: 0)", "asks for nothing"),
            ("Schema", "Scheme", "`Scheme` is not one of the words"),
            ("(principals: [\"*@it.bank.example\"]", "(principals: []", "nobody may revoke"),
            ("publishers: [\"*@it.bank.example\"]", "publishers: []", "nobody may publish"),
            ("signatures: 2", "signatures: 0", "a list that nobody signed"),
            ("needs: [", "needs: [[", "8:13: this is not what the file has here"),
        ] {
            let text = GOOD.replacen(old, new, 1);
            assert_ne!(text, GOOD);
            let refused = Policy::read("approvals.ron", text.as_bytes()).expect_err(new);
            assert!(refused.to_string().contains(place) && refused.to_string().contains("(approval-policy)"), "{new}: {refused}");
        }
        assert!(Policy::read("approvals.ron", b"\xff").is_err());
    }
}
