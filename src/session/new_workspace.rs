//! A workspace being made: its fields from the columns of a request file, its first rule from a template.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::draft::Draft;
use super::{mappings, templates};
use countersign_core::model::{
    Definition, EnumType, Field, FieldName, FieldType, Group, HitPolicy, OnError, Reason, ReasonId, Roles, Rule, RuleId, RuleSet,
    Schema, Script, Stage, StageId, StageKind, Status, Verdict, Window, Zone,
};
use countersign_core::text::{LocalText, Places, Sources};
use countersign_requests::Mapping;
use countersign_requests::mapping::{FieldMapping, FieldSource};
use countersign_requests::read::FirstRows;
use countersign_requests::read::guess::{self, NewField};

/// An enum of more values is not made from cells.
const MOST_VALUES: usize = 200;
/// Where the first rule goes.
const STAGE: &str = "screening";
/// The field of the row's number.
const NUMBER: &str = "request.row_number";

#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewWorkspace {
    /// Its folder, which need not exist yet.
    pub root: PathBuf,
    /// The request file its fields come from.
    pub file: Option<PathBuf>,
    /// The first rows of that file.
    pub first: Arc<FirstRows>,
    pub fields: Vec<NewField>,
    /// Which columns play a part, by position.
    pub parts: BTreeMap<ColumnRole, usize>,
    /// The offset in which its times are.
    pub zone: Zone,
    /// Whether the first rows carry an offset, which is suggested.
    pub is_zone_seen: bool,
    /// The template of the first rule.
    pub template: Option<&'static str>,
}

/// A part that a field plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ColumnRole {
    Key,
    Time,
    /// How much money is at stake.
    Amount,
    Customer,
    /// Whether it was fraud, known afterwards.
    Label,
}

impl ColumnRole {
    /// Every part, the required ones first.
    pub const ALL: [Self; 5] = [Self::Key, Self::Time, Self::Amount, Self::Customer, Self::Label];

    pub fn is_required(self) -> bool {
        matches!(self, Self::Key | Self::Time)
    }

    /// Whether a field can play it.
    pub fn fits(self, field: &NewField) -> bool {
        field.taken
            && match self {
                Self::Key => matches!(field.kind, FieldType::Text | FieldType::Int) && !field.optional,
                Self::Time => field.kind == FieldType::Time && !field.optional,
                Self::Amount => field.kind == FieldType::Money,
                Self::Customer => matches!(field.kind, FieldType::Text | FieldType::Int),
                Self::Label => field.kind == FieldType::Bool,
            }
    }
}

impl NewWorkspace {
    /// What still blocks it.
    pub fn obstacles(&self) -> Vec<LocalText> {
        let mut found = Vec::new();
        if self.file.is_none() {
            found.push(LocalText::new("choose a request file to take the fields from", "请选择请求文件，以其列作为字段"));
            return found;
        }
        let mut names = BTreeSet::new();
        for field in self.fields.iter().filter(|field| field.taken) {
            let (name, column) = (&field.name, &field.column);
            if FieldName::new(name).is_err() {
                found.push(LocalText::new(
                    format!("`{name}` is no name of a field: write it like `customer.age`"),
                    format!("`{name}` 不是有效的字段名，请写成 `customer.age` 的形式"),
                ));
            } else if !names.insert(name) {
                found.push(LocalText::new(format!("two fields are named `{name}`"), format!("有两个字段名为 `{name}`")));
            }
            if matches!(&field.kind, FieldType::Enum(values) if values.values.is_empty()) {
                found.push(LocalText::new(
                    format!("column `{column}` has too many values for an enum"),
                    format!("列 `{column}` 的取值过多，不能作为枚举"),
                ));
            }
        }
        if let Some(name) = self.schema().and_then(|schema| schema.clash()) {
            found.push(LocalText::new(
                format!("`{name}` is a field and a group of fields: give one of them another name"),
                format!("`{name}` 既是字段又是字段组，请为其中之一改名"),
            ));
        }
        for part in ColumnRole::ALL.into_iter().filter(|part| part.is_required()) {
            if self.field_of(part).is_none() && !(part == ColumnRole::Key && self.is_numbered()) {
                found.push(match part {
                    ColumnRole::Key => {
                        LocalText::new("no field tells requests apart: choose a key", "缺少主键：请选择区分请求的字段")
                    }
                    _ => LocalText::new("no field has the time of the request: choose one", "缺少时间：请选择请求时间字段"),
                });
            }
        }
        found
    }

    /// The field that plays a part.
    pub fn field_of(&self, part: ColumnRole) -> Option<&NewField> {
        self.fields.get(*self.parts.get(&part)?).filter(|field| part.fits(field))
    }

    /// Whether the key is the row's number: no field is chosen for it.
    pub fn is_numbered(&self) -> bool {
        !self.parts.contains_key(&ColumnRole::Key)
    }

    /// The name of the field that is the row's number.
    fn number_name(&self) -> Option<FieldName> {
        let is_free = |name: &String| !self.fields.iter().any(|field| field.taken && field.name == *name);
        let numbered = (2_u32..).map(|count| format!("{NUMBER}_{count}"));
        let name = std::iter::once(NUMBER.to_owned()).chain(numbered).find(is_free);
        name.and_then(|name| FieldName::new(name).ok())
    }

    /// Another look at a column: a new type is read in the way its cells suggest.
    pub(super) fn change(&mut self, at: usize, mut field: NewField) {
        let Some(held) = self.fields.get_mut(at) else { return };
        if std::mem::discriminant(&held.kind) != std::mem::discriminant(&field.kind) {
            if let FieldType::Enum(values) = &mut field.kind {
                *values = values_of(&self.first, at);
            }
            field.how = guess::how(&plain(&field), &field.column, self.first.column(at));
        }
        *held = field;
    }

    /// Fields and parts as the file suggests.
    pub(super) fn guess(&mut self) {
        self.fields = guess::fields(&self.first);
        let seen = guess::zone(&self.first, &self.fields);
        (self.zone, self.is_zone_seen) = (seen.unwrap_or_else(usual_zone), seen.is_some());
        let [key, time, amount, customer, label] = guess::roles(&self.fields);
        let find = |name: Option<&FieldName>| {
            let name = name?.as_str();
            self.fields.iter().position(|field| field.name == name)
        };
        let all = [
            (ColumnRole::Key, find(key.as_ref())),
            (ColumnRole::Time, find(time.as_ref())),
            (ColumnRole::Amount, find(amount.as_ref())),
            (ColumnRole::Customer, find(customer.as_ref())),
            (ColumnRole::Label, find(label.as_ref())),
        ];
        self.parts = all.into_iter().filter_map(|(part, at)| Some((part, at?))).collect();
    }

    fn role(&self, part: ColumnRole) -> Option<FieldName> {
        FieldName::new(&self.field_of(part)?.name).ok()
    }

    /// The schema as it would be.
    fn schema(&self) -> Option<Schema> {
        let roles = Roles {
            key: if self.is_numbered() { self.number_name()? } else { self.role(ColumnRole::Key)? },
            time: self.role(ColumnRole::Time)?,
            amount: self.role(ColumnRole::Amount),
            customer: self.role(ColumnRole::Customer),
            interface: None,
            label: self.role(ColumnRole::Label),
        };
        let mut groups: IndexMap<String, Group> = IndexMap::new();
        let taken = self.fields.iter().filter(|field| field.taken);
        let mut fields = taken.map(|field| Some((FieldName::new(&field.name).ok()?, plain(field)))).collect::<Option<Vec<_>>>()?;
        if self.is_numbered() {
            fields.insert(0, (roles.key.clone(), number()));
        }
        for (full, field) in fields {
            let (group, name) = full.parts();
            let held = groups.entry(group.to_owned());
            let held = held.or_insert_with(|| Group { text: LocalText::same(group), fields: IndexMap::new() });
            held.fields.insert(name.to_owned(), field);
        }
        Some(Schema { name: name_of(&self.root), zone: self.zone, roles, groups })
    }

    /// How the file is read; none where its columns are the fields already.
    fn mapping(&self) -> Option<Mapping> {
        let mut mapping = Mapping { delimiter: self.first.delimiter.filter(|delimiter| *delimiter != ','), ..Mapping::default() };
        let mut missing = BTreeSet::new();
        for (at, field) in self.fields.iter().enumerate() {
            if !field.taken {
                mapping.ignore.push(field.column.clone());
                continue;
            }
            missing.extend(guess::missing(self.first.column(at)));
            let source = if field.name == field.column { FieldSource::OwnName } else { FieldSource::Column(field.column.clone()) };
            let how = FieldMapping { source, ..field.how.clone() };
            if let Ok(name) = FieldName::new(&field.name)
                && how != FieldMapping::default()
            {
                mapping.fields.insert(name, how);
            }
        }
        if let Some(name) = self.number_name().filter(|_| self.is_numbered()) {
            mapping.fields.insert(name, FieldMapping { source: FieldSource::RowNumber, ..FieldMapping::default() });
        }
        mapping.missing = missing.into_iter().collect();
        (mapping != Mapping::default()).then_some(mapping)
    }

    /// The templates whose names all exist in the schema as it is now.
    pub fn templates(&self) -> Vec<(&'static templates::RuleTemplate, String)> {
        let Some(definition) = self.schema().map(|schema| bare(schema, &name_of(&self.root))) else { return Vec::new() };
        let Some(stage) = definition.rule_set.stages.first() else { return Vec::new() };
        let written = templates::fitting(stage).map(|template| (template, (template.script)(&definition)));
        written.filter(|(_, script)| !script.contains("group.field") && !script.contains("a_list")).collect()
    }

    /// The template of the first rule: the chosen one, else the first that fits.
    pub fn first_rule(&self) -> Option<(&'static templates::RuleTemplate, String)> {
        let mut all = self.templates();
        let at = all.iter().position(|(template, _)| Some(template.id) == self.template).unwrap_or(0);
        (at < all.len()).then(|| all.swap_remove(at))
    }

    /// The workspace as it would be.
    pub(super) fn draft(&self) -> Option<Draft> {
        let mut definition = bare(self.schema()?, &name_of(&self.root));
        if let Some((template, text)) = self.first_rule()
            && let Some(rule) = first_rule(&mut definition, template, &text)
            && let Some(stage) = definition.rule_set.stages.first_mut()
        {
            stage.rules.push(rule);
        }
        let mut mappings = BTreeMap::new();
        if let Some((name, mapping)) = self.mapping_name().zip(self.mapping()) {
            mappings.insert(name, mapping.to_ron());
        }
        Some(Draft { definition: Arc::new(definition), cases: Arc::default(), mappings: Arc::new(mappings), ..Draft::empty() })
    }

    pub(super) fn mapping_name(&self) -> Option<String> {
        self.file.as_ref().map(|file| mappings::name_for(file))
    }
}

fn plain(field: &NewField) -> Field {
    let NewField { kind, optional, personal, identifier, text, .. } = field;
    let identifier = *identifier && *kind == FieldType::Int;
    Field { text: text.clone(), personal: *personal, identifier, ..Field::new(kind.clone(), *optional) }
}

/// The field that is the row's number.
fn number() -> Field {
    let text = LocalText::new("Row number", "行号");
    Field { text, identifier: true, ..Field::new(FieldType::Int, false) }
}

/// The offset that is suggested where no value carries one.
fn usual_zone() -> Zone {
    Zone::parse("+08:00").unwrap_or_default()
}

/// The values of a column, where there are not too many.
fn values_of(first: &FirstRows, at: usize) -> EnumType {
    let missing = guess::missing(first.column(at));
    let all: BTreeSet<&str> = first.column(at).filter(|cell| !cell.is_empty() && !missing.contains(*cell)).collect();
    if all.len() > MOST_VALUES {
        return EnumType::default();
    }
    EnumType { values: all.into_iter().map(|value| (value.to_owned(), LocalText::same(value))).collect() }
}

fn name_of(root: &Path) -> String {
    let name = root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if name.is_empty() { "rules".to_owned() } else { name }
}

/// A rule set with one stage, the reasons it needs, and no rule.
fn bare(schema: Schema, name: &str) -> Definition {
    let reason = |en: &str, zh: &str, wire: &str| Reason { text: LocalText::new(en, zh), wire: wire.to_owned(), iso8583: None };
    let id = |code: &str| ReasonId::new(code).ok();
    let reasons = [
        (id("FIRST_CHECK"), reason("Caught by the first rule", "命中首条规则", "R001")),
        (id("SYSTEM_ERROR"), reason("A rule failed", "规则执行失败", "R999")),
    ];
    let mut rule_set = Draft::empty().rule_set().clone();
    rule_set.reasons = reasons.into_iter().filter_map(|(id, reason)| Some((id?, reason))).collect();
    if let Some(reason) = id("SYSTEM_ERROR") {
        rule_set.on_error = OnError { verdict: Verdict::Refer, reason };
    }
    let stage = StageId::new(STAGE).ok().map(|id| Stage {
        id,
        title: LocalText::new("Screening", "审核"),
        kind: StageKind::Screen { policy: HitPolicy::MostSevere, bands: Vec::new() },
        rules: Vec::new(),
    });
    let rule_set = RuleSet {
        name: name.to_owned(),
        version: "1".to_owned(),
        title: LocalText::same(name),
        stages: stage.into_iter().collect(),
        ..rule_set
    };
    Definition { schema, rule_set, sources: Sources::default(), places: Places::default() }
}

fn first_rule(definition: &mut Definition, template: &templates::RuleTemplate, text: &str) -> Option<Rule> {
    let id = RuleId::new(format!("first_{}", template.id)).ok()?;
    let file = format!("{STAGE}/{id}.rhai");
    let text: Arc<str> = text.into();
    let source = definition.sources.add(file.clone(), Arc::clone(&text));
    Some(Rule {
        id,
        title: template.title.local(),
        owner: "risk".to_owned(),
        basis: LocalText::new("An example to start from: replace it", "起步示例，请替换"),
        status: Status::Active,
        window: Window::default(),
        script: Script { file, text, source },
    })
}
