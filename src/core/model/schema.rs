//! The fields of a request. The schema is data: no code knows a field's name.

use std::borrow::Cow;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::field_type::FieldType;
use super::history::Derived;
use super::id::FieldName;
use super::time::Zone;
use super::value::{Scalar, Value, ValueError};
use crate::text::{LocalText, normalized};

/// A field's position over all groups, in the schema's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldIndex(pub u16);

impl FieldIndex {
    /// For looking up in a slice.
    #[must_use]
    pub fn at(self) -> usize {
        usize::from(self.0)
    }
}

/// One field of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four answers about a field, each of its own")]
pub struct Field {
    /// What it holds.
    pub kind: FieldType,
    /// Whether it may be missing.
    pub optional: bool,
    /// What it means, for people.
    pub text: LocalText,
    /// Its unit, for people: years, days.
    pub unit: Option<LocalText>,
    /// Whether it identifies a person: masked wherever it is shown.
    pub personal: bool,
    /// Whether its texts are taken as they are given, and not in normal form.
    pub as_written: bool,
    /// Whether its numbers only name something, such as a terminal: ignored for types other than Int.
    pub identifier: bool,
    /// How it is computed from the requests before; none where a request brings it.
    pub derived: Option<Box<Derived>>,
}

impl Field {
    /// A field that a request brings, of no special use, without a text for people.
    #[must_use]
    pub fn new(kind: FieldType, optional: bool) -> Self {
        let text = LocalText::default();
        Self { kind, optional, text, unit: None, personal: false, as_written: false, identifier: false, derived: None }
    }

    /// A text in the field's form: in normal form, unless it is taken as written. An empty one is no value.
    #[must_use]
    pub fn form<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.as_written { Cow::Borrowed(text) } else { normalized(text) }
    }

    /// A value that a file or a caller gives for the field.
    ///
    /// # Errors
    /// Says what a value of its type looks like.
    pub fn read(&self, scalar: &Scalar, zone: Zone) -> Result<Value, ValueError> {
        match scalar {
            Scalar::Text(text) if self.kind.spec().is_quoted => self.parse(text, zone),
            _ => Value::from_scalar(&self.kind, scalar, zone),
        }
    }

    /// A text that is typed for the field, or read from a file of texts.
    ///
    /// # Errors
    /// Says what a text of its type looks like.
    pub fn parse(&self, text: &str, zone: Zone) -> Result<Value, ValueError> {
        let is_value = matches!(&self.kind, FieldType::Enum(values) if values.contains(text));
        let text = if is_value { Cow::Borrowed(text) } else { self.form(text) };
        if text.is_empty() { Ok(Value::Missing) } else { Value::parse(&self.kind, &text, zone) }
    }

    /// Whether a case must give it a value: one that is derived is computed where it is not given.
    #[must_use]
    pub fn must_be_given(&self) -> bool {
        !self.optional && self.derived.is_none()
    }

    /// Whether `value` fits: type, presence and enum membership.
    ///
    /// # Errors
    /// Says what does not fit.
    pub fn accepts(&self, value: &Value) -> Result<(), ValueError> {
        if *value == Value::Missing {
            return if self.optional { Ok(()) } else { Err(ValueError::Missing) };
        }
        match (value, &self.kind) {
            (Value::Text(text), FieldType::Enum(values)) if !values.contains(text) => Err(ValueError::NotInEnum),
            (value, kind) if kind.holds(value) => Ok(()),
            (_, kind) => Err(ValueError::NotA(kind.looks_like())),
        }
    }
}

/// Fields that belong together, the part before the last dot in `customer.age`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What the group is, for people.
    pub text: LocalText,
    /// Its fields by name, in the schema's order.
    pub fields: IndexMap<String, Field>,
}

/// The fields that have a role in the product itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roles {
    /// Tells requests apart; Text or Int, never missing.
    pub key: FieldName,
    /// When the request arrived; Time, never missing.
    pub time: FieldName,
    /// How much money is at stake; Money.
    pub amount: Option<FieldName>,
    /// The customer: distinct values are counted.
    pub customer: Option<FieldName>,
    /// The interface a request arrives on; its values are ids of interfaces.
    pub interface: Option<FieldName>,
    /// Known afterwards, Bool, `true` for fraud; never visible to scripts.
    pub label: Option<FieldName>,
}

/// A role of a field, and its requirements.
#[derive(Clone, Copy, Debug)]
pub struct Role<'a> {
    /// Its name in files: `key`, `time`, `amount`, `customer`, `interface`, `label`.
    pub name: &'static str,
    /// The field that has it; none where there is none.
    pub field: Option<&'a FieldName>,
    /// The types of fields that can have it.
    pub types: &'static [FieldType<()>],
    /// Whether the field may be optional.
    pub may_miss: bool,
}

impl Role<'_> {
    /// The names of these types, joined by `between`.
    #[must_use]
    pub fn type_names(&self, between: &str) -> String {
        self.types.iter().map(FieldType::name).collect::<Vec<_>>().join(between)
    }

    /// Whether a field of that type can have it.
    #[must_use]
    pub fn takes(&self, kind: &FieldType) -> bool {
        self.types.contains(&kind.map_enum(|_| ()))
    }

    /// Whether a field can have it.
    #[must_use]
    pub fn is_played_by(&self, field: &Field) -> bool {
        self.takes(&field.kind) && (self.may_miss || !field.optional)
    }
}

impl Roles {
    /// Every role, in the order of the file.
    #[must_use]
    pub fn all(&self) -> [Role<'_>; 6] {
        use FieldType as T;
        let role = |name, field, types, may_miss| Role { name, field, types, may_miss };
        [
            role("key", Some(&self.key), &[T::Text, T::Int], false),
            role("time", Some(&self.time), &[T::Time], false),
            role("amount", self.amount.as_ref(), &[T::Money], true),
            role("customer", self.customer.as_ref(), &[T::Text, T::Int], true),
            role("interface", self.interface.as_ref(), &[T::Enum(()), T::Text], true),
            role("label", self.label.as_ref(), &[T::Bool], true),
        ]
    }

    /// The names of the fields that have a role, to replace them.
    pub fn names_mut(&mut self) -> impl Iterator<Item = &mut FieldName> {
        let always = [&mut self.key, &mut self.time].into_iter();
        always.chain(&mut self.amount).chain(&mut self.customer).chain(&mut self.interface).chain(&mut self.label)
    }
}

/// The fields of a request: groups in order, each with its fields in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    /// The schema's name.
    pub name: String,
    /// The offset in which times are read and shown, and in which their hour and date are computed.
    pub zone: Zone,
    /// The fields that the product itself needs to know.
    pub roles: Roles,
    /// The groups by name: `customer`, `customer.address`; fields in no group are in one whose name is empty.
    pub groups: IndexMap<String, Group>,
}

impl Schema {
    /// Finds a field by its full name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<(FieldIndex, &Field)> {
        let (group, field) = name.rsplit_once('.').unwrap_or(("", name));
        let (at, _, group) = self.groups.get_full(group)?;
        let before: usize = self.groups.values().take(at).map(|group| group.fields.len()).sum();
        let (inside, _, field) = group.fields.get_full(field)?;
        Some((FieldIndex(u16::try_from(before + inside).ok()?), field))
    }

    /// Every field, in order; without the names, which [`fields`](Self::fields) puts together.
    pub fn indexed(&self) -> impl Iterator<Item = (FieldIndex, &Field)> {
        let flat = self.groups.values().flat_map(|members| members.fields.values());
        flat.enumerate().map(|(at, field)| (FieldIndex(u16::try_from(at).unwrap_or(u16::MAX)), field))
    }

    /// Every field with its full name, in order.
    pub fn fields(&self) -> impl Iterator<Item = (FieldIndex, String, &Field)> {
        let flat = self
            .groups
            .iter()
            .flat_map(|(group, members)| members.fields.iter().map(move |(name, field)| (FieldName::full(group, name), field)));
        flat.enumerate().map(|(at, (name, field))| (FieldIndex(u16::try_from(at).unwrap_or(u16::MAX)), name, field))
    }

    /// A field whose name is also that of a group that has fields: no script could tell them apart.
    #[must_use]
    pub fn clash(&self) -> Option<String> {
        let names: std::collections::BTreeSet<String> = self.fields().map(|(_, name, _)| name).collect();
        names.iter().find_map(|name| {
            let mut outer = name.match_indices('.').filter_map(|(at, _)| name.get(..at));
            outer.find(|outer| names.contains(*outer)).map(str::to_owned)
        })
    }

    /// The field at a position.
    #[must_use]
    pub fn field(&self, index: FieldIndex) -> Option<&Field> {
        self.groups.values().flat_map(|group| group.fields.values()).nth(index.at())
    }

    /// Whether the whole numbers of a field are names and no quantities: it is marked as an identifier, or is the key or the customer.
    #[must_use]
    pub fn is_identifier(&self, index: FieldIndex) -> bool {
        let plays = |role: &FieldName| self.find(role.as_str()).is_some_and(|(player, _)| player == index);
        self.field(index).is_some_and(|field| {
            field.kind == FieldType::Int
                && (field.identifier || plays(&self.roles.key) || self.roles.customer.as_ref().is_some_and(plays))
        })
    }

    /// A field's full name.
    #[must_use]
    pub fn name_of(&self, index: FieldIndex) -> Option<String> {
        let mut at = index.at();
        for (group, members) in &self.groups {
            if let Some((name, _)) = members.fields.get_index(at) {
                return Some(FieldName::full(group, name));
            }
            at = at.checked_sub(members.fields.len())?;
        }
        None
    }

    /// How many fields there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.groups.values().map(|group| group.fields.len()).sum()
    }

    /// Whether there is no field at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether scripts may see a field: every one but the label.
    #[must_use]
    pub fn is_visible(&self, name: &str) -> bool {
        self.roles.label.as_ref().is_none_or(|label| label.as_str() != name)
    }
}
