//! The typed tree of a script: every expression with its type and its bytes in the source.
//!
//! The tree is made from the interpreter's own syntax tree, so both mean the same. Whatever cannot be typed is in
//! [`ScriptTree::faults`]: a script without faults raises no type error and names nothing unknown when it runs.

use std::sync::Arc;

use super::fault::ScriptFault;
use super::functions::FunctionId;
pub use super::operators::{BinaryOp, OutcomeCall, UnaryOp};
use super::types::Type;
pub use super::walk::{ExprPart, parts, walk, walk_block, walk_expr};
use crate::model::{FieldIndex, ListIndex, ParameterIndex, Value};
use crate::text::{SourceId, Span};

/// What a script is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A rule: its value is an outcome, an array of outcomes, or `()`.
    Rule,
    /// An invariant's condition: its value is Bool.
    Condition,
}

/// A whole script.
#[derive(Clone, Debug)]
pub struct ScriptTree {
    /// The source it was read from.
    pub source: SourceId,
    /// What it is for.
    pub purpose: Purpose,
    /// Its statements; the last one's value is the script's.
    pub body: Block,
    /// The type of the script's value, over all `return`s too.
    pub value: Type,
    /// Everything that is wrong in it, in order of place. Places may lie in the shared source.
    pub faults: Vec<ScriptFault>,
}

/// Statements between braces, or a whole script.
#[derive(Clone, Debug)]
pub struct Block {
    /// The statements in order.
    pub statements: Vec<ScriptStatement>,
    /// The type of the block's value.
    pub ty: Type,
    /// With its braces, where it has some.
    pub span: Span,
}

/// One statement of a block.
#[derive(Clone, Debug)]
pub struct ScriptStatement {
    /// What it does.
    pub expr: Expr,
    /// Whether it can be reached at all.
    pub reachable: bool,
}

/// An expression or statement.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// The type of its value, narrowed by the guards before it.
    pub ty: Type,
    /// Its bytes, without brackets around it.
    pub span: Span,
    /// Its value where that is the same for every request.
    pub constant: Option<Value>,
    /// The texts written out in the script that the value, or an element of it, is one of; none where it may come from elsewhere.
    pub texts: Option<WrittenTexts>,
}

/// Texts written out in a script, each with its bytes.
pub type WrittenTexts = Arc<[(Arc<str>, Span)]>;

/// What sort of thing an unknown name was meant to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameKind {
    /// `customer.agee`: the group is known, the field is not.
    Field,
    /// `custmer.age`.
    Group,
    /// `params.x`.
    Parameter,
    /// `lists.x`.
    List,
    /// A name without a group.
    Variable,
    /// `f(…)`.
    Function,
}

/// A name that nothing has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    /// What it was meant to be.
    pub kind: NameKind,
    /// The name as written, without the group: `agee`.
    pub name: String,
    /// The group before the dot, for [`NameKind::Field`].
    pub group: Option<String>,
    /// The bytes of the name alone.
    pub span: Span,
    /// The names that would be known here, in the order of the schema or rule set.
    pub known: Vec<String>,
}

/// One arm of a `switch`.
#[derive(Clone, Debug)]
pub struct Arm {
    /// The values it is for: literals and ranges.
    pub values: Vec<Expr>,
    /// The condition after `if`, where there is one.
    pub guard: Option<Expr>,
    /// What it gives.
    pub body: Expr,
}

/// What an expression is.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A number, text, `true`, `false` or `()`.
    Literal(Value),
    /// `group.field`.
    Field(FieldIndex),
    /// `params.x`.
    Parameter(ParameterIndex),
    /// `lists.x`.
    List(ListIndex),
    /// A variable of the script, or an argument of the shared function.
    Local(Arc<str>),
    /// A name that nothing has; also in [`ScriptTree::faults`].
    Unknown(UnknownName),
    /// `-x`, `!x`.
    Unary(UnaryOp, Box<Expr>),
    /// `a + b`, `a == b`.
    Binary {
        /// The operator.
        op: BinaryOp,
        /// The operator's own bytes.
        op_span: Span,
        /// The left operand.
        lhs: Box<Expr>,
        /// The right operand.
        rhs: Box<Expr>,
    },
    /// `a && b && …`: two or more.
    And(Vec<Expr>),
    /// `a || b || …`: two or more.
    Or(Vec<Expr>),
    /// `a ?? b ?? …`: two or more.
    Coalesce(Vec<Expr>),
    /// `item in container`, `item !in container`.
    In {
        /// What is looked for.
        item: Box<Expr>,
        /// A list, an array, a range, or a text.
        container: Box<Expr>,
        /// Whether it is `!in`.
        negated: bool,
    },
    /// A call of a function that gives a value, `f(a)` or `a.f()`; the arguments hold `a` in both.
    Call {
        /// The function.
        function: FunctionId,
        /// The bytes of its name.
        name_span: Span,
        /// The arguments.
        args: Vec<Expr>,
    },
    /// A call of an outcome function.
    Outcome {
        /// Which one.
        call: OutcomeCall,
        /// The bytes of its name.
        name_span: Span,
        /// The arguments.
        args: Vec<Expr>,
    },
    /// A call of a function of the shared script, typed for just these arguments.
    SharedCall {
        /// The function's name.
        name: Arc<str>,
        /// The bytes of its name in the call.
        name_span: Span,
        /// The names of its arguments, in order.
        parameters: Vec<Arc<str>>,
        /// The arguments.
        args: Vec<Expr>,
        /// The function's statements; places lie in the shared source.
        body: Block,
    },
    /// `if c { … } else if d { … } else { … }`.
    If {
        /// The conditions in order, each with what is done where it is the first that holds; at least one.
        arms: Vec<(Expr, Block)>,
        /// Where none holds.
        otherwise: Option<Block>,
    },
    /// `switch x { … }`.
    Switch {
        /// What is looked at.
        subject: Box<Expr>,
        /// The arms in order, without the one for all else.
        arms: Vec<Arm>,
        /// The arm `_`.
        default: Option<Box<Expr>>,
    },
    /// `{ … }` as a value.
    Block(Block),
    /// `let x = v;` or `const X = v;`.
    Let {
        /// The variable.
        name: Arc<str>,
        /// The bytes of its name.
        name_span: Span,
        /// Whether it is `const`.
        constant: bool,
        /// Its first value; `()` when left out.
        value: Option<Box<Expr>>,
    },
    /// `x = v`, `x += v`.
    Assign {
        /// What is changed.
        target: Box<Expr>,
        /// The operator of `+=` and its like.
        op: Option<BinaryOp>,
        /// The new value, or the operand.
        value: Box<Expr>,
    },
    /// `return v`.
    Return(Option<Box<Expr>>),
    /// `[a, b]`.
    Array(Vec<Expr>),
    /// `#{ name: v }`, each with the name's bytes.
    Map(Vec<(Arc<str>, Span, Expr)>),
    /// `a[i]`.
    Index {
        /// What is looked into.
        base: Box<Expr>,
        /// At which position.
        index: Box<Expr>,
    },
    /// `while c { … }`; without a condition it is `loop { … }`.
    While {
        /// The condition.
        condition: Option<Box<Expr>>,
        /// What is repeated.
        body: Block,
    },
    /// `do { … } while c` or `until c`.
    Do {
        /// What is repeated.
        body: Block,
        /// The condition.
        condition: Box<Expr>,
        /// Whether it is `until`.
        until: bool,
    },
    /// `for x in v { … }`.
    For {
        /// The variable.
        name: Arc<str>,
        /// The bytes of its name.
        name_span: Span,
        /// The counter of `for (x, i) in …`, with the bytes of its name.
        counter: Option<(Arc<str>, Span)>,
        /// What is walked through.
        iterable: Box<Expr>,
        /// What is repeated.
        body: Block,
    },
    /// `break`, with the value it gives a loop.
    Break(Option<Box<Expr>>),
    /// `continue`.
    Continue,
    /// Anything that rules may not hold; also in [`ScriptTree::faults`].
    Opaque {
        /// What it is, in English, for people.
        what: &'static str,
        /// The expressions inside.
        children: Vec<Expr>,
    },
}
