//! Names and what follows them after points and in square brackets: `customer.age`, `params.x`, `text.len()`, `all[0]`.

use rhai::{ASTFlags, Expr as Ast, FnCallExpr, Position};

use super::{Low, ScriptLowering};
use crate::script::fault::FaultKind;
use crate::script::names::{LISTS, PARAMS};
use crate::script::placed::TokenRange;
use crate::script::tree::{ExprKind, NameKind, UnknownName};
use crate::script::types::Type;

enum ChainLink<'e> {
    Property(&'e str, Position),
    Method(&'e FnCallExpr, Position),
    Index(&'e Ast),
    Other,
}

impl ScriptLowering<'_> {
    /// A name without a group.
    pub(super) fn name(&mut self, name: &str, at: usize) -> Low {
        let extent = TokenRange { first: at, last: at };
        if let Some((_, local)) = self.env.find(name) {
            let local = local.clone();
            let mut low = self.made(ExprKind::Local(local.name), local.ty, extent);
            (low.expr.constant, low.expr.texts) = (local.value, local.texts);
            return low;
        }
        if self.calls.is_empty() && self.names.field("", name).is_some() {
            return self.field("", name, extent);
        }
        if self.calls.is_empty() && self.names.is_taken(name) {
            let low = self.made(ExprKind::Opaque { what: "a group", children: Vec::new() }, Type::Unknown, extent);
            self.fault(low.expr.span, FaultKind::GroupAsValue(name.to_owned()));
            return low;
        }
        let known = self.env.locals.iter().map(|local| local.name.to_string());
        let groups = self.groups_in_sight();
        let known = known.chain(groups).collect();
        self.unknown(NameKind::Variable, name, None, known, extent)
    }

    fn groups_in_sight(&self) -> Vec<String> {
        if !self.calls.is_empty() {
            return Vec::new();
        }
        let roots = self.names.visible("").into_iter();
        roots.chain([PARAMS.to_owned(), LISTS.to_owned()]).collect()
    }

    /// A name that nothing has, under the last token of `extent`.
    pub(super) fn unknown(
        &mut self,
        kind: NameKind,
        name: &str,
        group: Option<&str>,
        known: Vec<String>,
        extent: TokenRange,
    ) -> Low {
        let span = self.placed.token_span(extent.last);
        let unknown = UnknownName { kind, name: name.to_owned(), group: group.map(str::to_owned), span, known };
        self.fault(span, FaultKind::UnknownName(unknown.clone()));
        self.made(ExprKind::Unknown(unknown), Type::Unknown, extent)
    }

    /// A chain from its left end.
    pub(super) fn chain(&mut self, ast: &Ast) -> Low {
        let (root, links) = flatten(ast);
        let mut links = links.as_slice();
        let mut low = match (root, links) {
            (Ast::Variable(variable, ..), [ChainLink::Property(..), ..])
                if self.env.find(&variable.1).is_none() && self.calls.is_empty() && self.names.field("", &variable.1).is_none() =>
            {
                let first = self.placed.at(root.position()).unwrap_or(0);
                let (low, taken) = self.path(variable.1.as_str(), links, first);
                links = links.get(taken..).unwrap_or_default();
                low
            }
            (root, _) => self.expr(root),
        };
        for link in links {
            low = self.link(low, link);
        }
        low
    }

    fn link(&mut self, base: Low, link: &ChainLink<'_>) -> Low {
        match link {
            ChainLink::Method(call, position) => self.call(call, *position, Some(base)),
            ChainLink::Index(index) => self.index(base, index),
            ChainLink::Property(name, position) => {
                let last = self.placed.at(*position).unwrap_or(base.extent.last);
                let extent = TokenRange { first: self.outer(&base).first, last };
                if base.expr.ty.is_silent() {
                    return self.made(ExprKind::Opaque { what: "a property", children: vec![base.expr] }, Type::Unknown, extent);
                }
                let known = Vec::new();
                self.unknown(NameKind::Field, name, None, known, extent)
            }
            ChainLink::Other => {
                let extent = base.extent;
                self.opaque("a construct that rules do not have", "规则不支持的语法", vec![base.expr], extent)
            }
        }
    }

    /// The field or other member that a name and the properties after it mean, and how many of them.
    fn path(&mut self, root: &str, links: &[ChainLink<'_>], first: usize) -> (Low, usize) {
        let (mut group, mut extent) = (root.to_owned(), TokenRange { first, last: first });
        for (at, link) in links.iter().enumerate() {
            let ChainLink::Property(name, position) = link else { break };
            extent.last = self.placed.at(*position).unwrap_or(extent.last);
            let inner = format!("{group}.{name}");
            if matches!(root, PARAMS | LISTS) || !self.names.is_group(&inner) {
                return (self.member(&group, name, extent), at + 1);
            }
            group = inner;
        }
        let low = self.made(ExprKind::Opaque { what: "a group", children: Vec::new() }, Type::Unknown, extent);
        self.fault(low.expr.span, FaultKind::GroupAsValue(group.clone()));
        (low, group.matches('.').count())
    }

    /// `group.field`, `params.x` or `lists.x`.
    fn member(&mut self, group: &str, name: &str, extent: TokenRange) -> Low {
        let (kind, known, found) = match group {
            PARAMS => {
                let known = &self.names.parameters;
                let found = known.get(name).map(|(index, ty)| (ExprKind::Parameter(*index), ty.clone()));
                (NameKind::Parameter, known.keys().cloned().collect(), found)
            }
            LISTS => {
                let known = &self.names.lists;
                let found = known.get(name).map(|(index, kind)| (ExprKind::List(*index), Type::List(*kind)));
                (NameKind::List, known.keys().cloned().collect(), found)
            }
            _ => return self.field(group, name, extent),
        };
        match found {
            Some((kind, ty)) => self.made(kind, ty, extent),
            None => self.unknown(kind, name, Some(group), known, extent),
        }
    }

    fn field(&mut self, group: &str, name: &str, extent: TokenRange) -> Low {
        if !group.is_empty() && !self.names.is_group(group) {
            let first = TokenRange { first: extent.first, last: extent.first };
            let known = self.groups_in_sight();
            return self.unknown(NameKind::Group, group, None, known, first);
        }
        match self.names.field(group, name) {
            Some((index, _)) if Some(*index) == self.names.label => {
                let index = *index;
                let low = self.made(ExprKind::Opaque { what: "the label", children: Vec::new() }, Type::Unknown, extent);
                self.fault(low.expr.span, FaultKind::LabelVisible(index));
                low
            }
            Some((index, ty)) => {
                let (index, ty) = (*index, self.env.field(*index, ty));
                self.made(ExprKind::Field(index), ty, extent)
            }
            None => {
                let known = self.names.visible(group);
                self.unknown(NameKind::Field, name, Some(group), known, extent)
            }
        }
    }

    fn index(&mut self, base: Low, index: &Ast) -> Low {
        let at = self.expr(index);
        let close = self.outer(&at).last + 1;
        let extent = TokenRange { first: self.outer(&base).first, last: close };
        let position = self.present(&at.expr);
        let element = match self.present(&base.expr) {
            Type::Array(element) if !super::outcomes::holds_outcome(&element) => match position {
                Type::Int => *element,
                ty if ty.is_silent() => Type::Unknown,
                ty => self.wrong_index(&at, Type::Array(element), ty),
            },
            ty if ty.is_silent() => Type::Unknown,
            ty => self.wrong_index(&at, ty, position),
        };
        self.made(ExprKind::Index { base: Box::new(base.expr), index: Box::new(at.expr) }, element, extent)
    }

    fn wrong_index(&mut self, at: &Low, base: Type, index: Type) -> Type {
        self.fault(at.expr.span, FaultKind::WrongOperand { op: "[]", lhs: base, rhs: Some(index) });
        Type::Unknown
    }
}

/// The left end of a chain and its links in order. The interpreter nests chains to the right, and marks an index after which
/// the chain ends, since `a[b[0]]` and `a[b][0]` would look the same.
fn flatten(ast: &Ast) -> (&Ast, Vec<ChainLink<'_>>) {
    let mut links = Vec::new();
    let Some((root, mut rest, mut dotted, mut ends)) = pair(ast) else { return (ast, links) };
    loop {
        let next = pair(rest).filter(|(head, ..)| if dotted { is_member(head) } else { !ends });
        let Some((head, tail, tail_dotted, tail_ends)) = next else {
            links.push(link_of(rest, dotted));
            break;
        };
        links.push(link_of(head, dotted));
        (rest, dotted, ends) = (tail, tail_dotted, tail_ends);
    }
    // A chain that begins with another chain, in brackets.
    if pair(root).is_some() {
        let (inner, mut all) = flatten(root);
        all.append(&mut links);
        return (inner, all);
    }
    (root, links)
}

/// The two sides of a point or index, whether it is a point, and whether the chain ends after it.
fn pair(ast: &Ast) -> Option<(&Ast, &Ast, bool, bool)> {
    match ast {
        Ast::Dot(sides, flags, _) => Some((&sides.lhs, &sides.rhs, true, flags.contains(ASTFlags::BREAK))),
        Ast::Index(sides, flags, _) => Some((&sides.lhs, &sides.rhs, false, flags.contains(ASTFlags::BREAK))),
        _ => None,
    }
}

fn is_member(ast: &Ast) -> bool {
    matches!(ast, Ast::Property(..) | Ast::MethodCall(..))
}

fn link_of(head: &Ast, dotted: bool) -> ChainLink<'_> {
    match head {
        Ast::Property(property, position) => ChainLink::Property(property.2.as_str(), *position),
        Ast::MethodCall(call, position) => ChainLink::Method(call, *position),
        other if !dotted => ChainLink::Index(other),
        _ => ChainLink::Other,
    }
}
