//! What is known at one point of a script: its variables with their types, and which fields are there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::texts;
use crate::model::{FieldIndex, Value};
use crate::script::tree::WrittenTexts;
use crate::script::types::Type;

/// A variable.
#[derive(Clone, Debug)]
pub(super) struct Local {
    pub name: Arc<str>,
    /// What it may ever hold.
    pub declared: Type,
    /// What it holds here.
    pub ty: Type,
    /// Its value, where every request has the same.
    pub value: Option<Value>,
    /// The texts written out that it, or an element of it, is one of.
    pub texts: Option<WrittenTexts>,
    /// Whether it may not be changed.
    pub constant: bool,
    /// How many loops enclosed its `let`.
    pub loops: u32,
}

/// Something whose presence a guard may settle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GuardSubject {
    Field(FieldIndex),
    Local(usize),
}

/// What is known at one point.
#[derive(Clone, Debug)]
pub(super) struct Env {
    pub locals: Vec<Local>,
    /// Optional fields known to be there (`true`) or missing (`false`).
    present: BTreeMap<FieldIndex, bool>,
    /// Values of an enum that a field is known not to have.
    excluded: BTreeMap<FieldIndex, BTreeSet<String>>,
    pub reachable: bool,
}

impl Env {
    pub(super) fn new() -> Self {
        Self { locals: Vec::new(), present: BTreeMap::new(), excluded: BTreeMap::new(), reachable: true }
    }

    /// The innermost variable of that name.
    pub(super) fn find(&self, name: &str) -> Option<(usize, &Local)> {
        self.locals.iter().enumerate().rev().find(|(_, local)| local.name.as_ref() == name)
    }

    pub(super) fn field(&self, index: FieldIndex, ty: &Type) -> Type {
        match self.present.get(&index) {
            Some(true) => ty.present(),
            Some(false) => Type::Unit,
            None => ty.clone(),
        }
    }

    /// The same point, once a guard has settled that something is there or missing.
    pub(super) fn with(&self, subject: GuardSubject, present: bool) -> Self {
        let mut env = self.clone();
        match subject {
            GuardSubject::Field(index) => {
                env.present.insert(index, present);
            }
            GuardSubject::Local(at) => {
                if let Some(local) = env.locals.get_mut(at) {
                    local.ty = if present { local.ty.present() } else { Type::Unit };
                }
            }
        }
        env
    }

    /// The same point, once a comparison has settled that a field has none of these values.
    pub(super) fn without(&self, field: FieldIndex, values: impl IntoIterator<Item = String>) -> Self {
        let mut env = self.clone();
        env.excluded.entry(field).or_default().extend(values);
        env
    }

    /// Whether a field may have a value of its enum here.
    pub(super) fn may_be(&self, field: FieldIndex, value: &str) -> bool {
        self.excluded.get(&field).is_none_or(|values| !values.contains(value))
    }

    /// What is known after two ways have met.
    pub(super) fn join(self, other: Self) -> Self {
        match (self.reachable, other.reachable) {
            (true, false) => return self,
            (false, true) => return other,
            _ => {}
        }
        let mut joined = self;
        for (mine, theirs) in joined.locals.iter_mut().zip(other.locals) {
            let ty = std::mem::replace(&mut mine.ty, Type::Never);
            mine.ty = texts::join((ty, mine.texts.as_ref()), (theirs.ty, theirs.texts.as_ref()));
            mine.texts = texts::union([mine.texts.as_ref(), theirs.texts.as_ref()].into_iter());
            mine.declared = std::mem::replace(&mut mine.declared, Type::Never).join(theirs.declared);
            if mine.value != theirs.value {
                mine.value = None;
            }
        }
        joined.present.retain(|index, present| other.present.get(index) == Some(present));
        joined.excluded.retain(|index, values| {
            let theirs = other.excluded.get(index);
            values.retain(|value| theirs.is_some_and(|theirs| theirs.contains(value)));
            !values.is_empty()
        });
        joined
    }

    /// Forgets what was learnt of variables that a loop changes.
    pub(super) fn widen(&mut self, changed: &[String]) {
        for local in &mut self.locals {
            if changed.iter().any(|name| local.name.as_ref() == name) {
                local.ty = local.declared.clone();
                (local.value, local.texts) = (None, None);
            }
        }
    }
}
