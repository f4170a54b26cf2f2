//! Turns a value of a release's types into a [`Node`], by serde: names of fields and variants come from the types and are written nowhere else.
//!
//! Refuses what a release never holds: bytes, single characters, unnamed structs, numbers that are not finite.

use std::fmt;

use serde::ser::{self, Serialize};

use super::Node;

/// Why a value cannot be shown; a fault of this program's own types, or a number that is not finite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotShown(String);

impl fmt::Display for NotShown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotShown {}

impl ser::Error for NotShown {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// The tree of a value.
///
/// # Errors
/// Says what cannot be shown.
pub fn node<T: Serialize + ?Sized>(value: &T) -> Result<Node, NotShown> {
    value.serialize(NodeSerializer)
}

fn never<T>(what: &str) -> Result<T, NotShown> {
    Err(NotShown(format!("a release holds no {what}")))
}

struct NodeSerializer;

/// Gathers the parts of a list, record or map until its end.
struct NodeParts {
    variant: Option<&'static str>,
    list: Vec<Node>,
    record: Vec<(&'static str, Node)>,
    map: Vec<(String, Node)>,
    key: Option<String>,
}

impl NodeParts {
    fn new(variant: Option<&'static str>) -> Self {
        Self { variant, list: Vec::new(), record: Vec::new(), map: Vec::new(), key: None }
    }

    fn wrap(variant: Option<&'static str>, node: Node) -> Node {
        match variant {
            Some(name) => Node::Variant(name, Box::new(node)),
            None => node,
        }
    }
}

macro_rules! whole {
    ($($name:ident: $kind:ty),*) => {
        $(fn $name(self, value: $kind) -> Result<Node, NotShown> {
            Ok(Node::Int(i128::from(value)))
        })*
    };
}

impl ser::Serializer for NodeSerializer {
    type Ok = Node;
    type Error = NotShown;
    type SerializeSeq = NodeParts;
    type SerializeTuple = NodeParts;
    type SerializeTupleStruct = NodeParts;
    type SerializeTupleVariant = NodeParts;
    type SerializeMap = NodeParts;
    type SerializeStruct = NodeParts;
    type SerializeStructVariant = NodeParts;

    whole! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64
    }

    fn serialize_bool(self, value: bool) -> Result<Node, NotShown> {
        Ok(Node::Bool(value))
    }

    fn serialize_f32(self, value: f32) -> Result<Node, NotShown> {
        self.serialize_f64(f64::from(value))
    }

    fn serialize_f64(self, value: f64) -> Result<Node, NotShown> {
        if value.is_finite() { Ok(Node::Float(value)) } else { never("number that is not finite") }
    }

    fn serialize_char(self, _: char) -> Result<Node, NotShown> {
        never("single character")
    }

    fn serialize_str(self, value: &str) -> Result<Node, NotShown> {
        Ok(Node::Text(value.to_owned()))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Node, NotShown> {
        never("bytes")
    }

    fn serialize_none(self) -> Result<Node, NotShown> {
        Ok(Node::Nothing)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Node, NotShown> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Node, NotShown> {
        Ok(Node::Nothing)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Node, NotShown> {
        never("unnamed struct")
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Node, NotShown> {
        Ok(Node::Word(variant))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Node, NotShown> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Node, NotShown> {
        Ok(Node::Variant(variant, Box::new(value.serialize(NodeSerializer)?)))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<NodeParts, NotShown> {
        Ok(NodeParts::new(None))
    }

    fn serialize_tuple(self, _: usize) -> Result<NodeParts, NotShown> {
        never("tuple")
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<NodeParts, NotShown> {
        never("unnamed struct")
    }

    fn serialize_tuple_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<NodeParts, NotShown> {
        never("tuple")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<NodeParts, NotShown> {
        Ok(NodeParts::new(None))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<NodeParts, NotShown> {
        Ok(NodeParts::new(None))
    }

    fn serialize_struct_variant(self, _: &'static str, _: u32, variant: &'static str, _: usize) -> Result<NodeParts, NotShown> {
        Ok(NodeParts::new(Some(variant)))
    }
}

impl ser::SerializeSeq for NodeParts {
    type Ok = Node;
    type Error = NotShown;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotShown> {
        self.list.push(value.serialize(NodeSerializer)?);
        Ok(())
    }

    fn end(self) -> Result<Node, NotShown> {
        Ok(Node::List(self.list))
    }
}

impl ser::SerializeMap for NodeParts {
    type Ok = Node;
    type Error = NotShown;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), NotShown> {
        match key.serialize(NodeSerializer)? {
            Node::Text(name) => self.key = Some(name),
            _ => return never("map whose names are no texts"),
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotShown> {
        let Some(key) = self.key.take() else { return never("value without a name") };
        self.map.push((key, value.serialize(NodeSerializer)?));
        Ok(())
    }

    fn end(self) -> Result<Node, NotShown> {
        Ok(Node::Map(self.map))
    }
}

impl ser::SerializeStruct for NodeParts {
    type Ok = Node;
    type Error = NotShown;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), NotShown> {
        self.record.push((name, value.serialize(NodeSerializer)?));
        Ok(())
    }

    fn end(self) -> Result<Node, NotShown> {
        Ok(Self::wrap(self.variant, Node::Record(self.record)))
    }
}

impl ser::SerializeStructVariant for NodeParts {
    type Ok = Node;
    type Error = NotShown;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), NotShown> {
        ser::SerializeStruct::serialize_field(self, name, value)
    }

    fn end(self) -> Result<Node, NotShown> {
        ser::SerializeStruct::end(self)
    }
}

/// No release has tuples; serde wants the shapes all the same.
macro_rules! tuple {
    ($($shape:ident: $push:ident),*) => {
        $(impl ser::$shape for NodeParts {
            type Ok = Node;
            type Error = NotShown;

            fn $push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotShown> {
                ser::SerializeSeq::serialize_element(self, value)
            }

            fn end(self) -> Result<Node, NotShown> {
                ser::SerializeSeq::end(self)
            }
        })*
    };
}

tuple!(SerializeTuple: serialize_element, SerializeTupleStruct: serialize_field, SerializeTupleVariant: serialize_field);
