//! Tests over all readers.
