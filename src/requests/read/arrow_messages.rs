//! The messages of an Arrow IPC stream, one by one as they come, and the batches of rows they carry.
//!
//! The frame of a message is read here and not by the Arrow crate, so that a length that a damaged stream claims takes no memory before
//! that many bytes came, and so that a cut stream differs from one that ended.

use std::collections::HashMap;
use std::io::{self, Read};
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_buffer::Buffer;
use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::reader::{read_dictionary, read_record_batch};
use arrow_ipc::{MessageHeader, root_as_message};
use arrow_schema::{Schema as ArrowSchema, SchemaRef};

use super::chunks::unreadable;
use crate::kinds::{DAMAGED_FILE, EMPTY_FILE, TOO_LARGE_COLUMN, TOO_MANY_ROWS, UNKNOWN_FORMAT};
use crate::problem::refuse;
use countersign_core::diagnostic::Finding;
use countersign_core::text::LocalText;

/// What every message begins with.
const CONTINUATION: [u8; 4] = [0xff; 4];
/// Messages that claim more bytes are refused: those that describe what comes, and what comes.
const LARGEST_DESCRIPTION: u64 = 64 << 20;
const LARGEST_BODY: u64 = 1 << 30;
/// Batches of more rows are refused; a column without values takes no bytes.
const MOST_ROWS: i64 = 1 << 24;

/// A stream whose schema was read.
pub(super) struct ArrowBatches<'a> {
    messages: Messages<'a>,
    pub(super) schema: SchemaRef,
    dictionaries: HashMap<i64, ArrayRef>,
}

impl<'a> ArrowBatches<'a> {
    /// Reads the schema that a stream begins with.
    pub(super) fn open(name: &'a str, source: &'a mut dyn Read) -> Result<Self, Vec<Finding>> {
        let mut messages = Messages { name, source, taken: 0, number: 0 };
        let first = messages.next()?.ok_or_else(|| vec![messages.broken(&"it ends before its schema")])?;
        let message = root_as_message(&first.description).map_err(|error| vec![messages.broken(&error)])?;
        let schema = message.header_as_schema().ok_or_else(|| vec![messages.broken(&"it does not begin with a schema")])?;
        let schema: ArrowSchema = try_fb_to_schema(schema).map_err(|error| vec![messages.broken(&error)])?;
        Ok(Self { messages, schema: Arc::new(schema), dictionaries: HashMap::new() })
    }

    /// The columns at `roots` of the next rows; none at the end.
    pub(super) fn next(&mut self, roots: &[usize]) -> Result<Option<RecordBatch>, Vec<Finding>> {
        while let Some(message) = self.messages.next()? {
            let broken = |error: &dyn std::fmt::Display| vec![self.messages.broken(error)];
            let described = root_as_message(&message.description).map_err(|error| broken(&error))?;
            let version = described.version();
            match described.header_type() {
                MessageHeader::RecordBatch => {
                    let batch = described.header_as_record_batch().ok_or_else(|| broken(&"a batch is not described"))?;
                    if batch.length() > MOST_ROWS {
                        return Err(vec![self.messages.too_many_rows(batch.length())]);
                    }
                    let (schema, dictionaries) = (Arc::clone(&self.schema), &self.dictionaries);
                    let batch = read_record_batch(&message.body, batch, schema, dictionaries, Some(roots), &version);
                    return batch.map(Some).map_err(|error| broken(&error));
                }
                MessageHeader::DictionaryBatch => {
                    let batch = described.header_as_dictionary_batch().ok_or_else(|| broken(&"a dictionary is not described"))?;
                    read_dictionary(&message.body, batch, &self.schema, &mut self.dictionaries, &version)
                        .map_err(|error| broken(&error))?;
                }
                other => return Err(broken(&format!("a message of kind {other:?} among the rows"))),
            }
        }
        Ok(None)
    }
}

struct Messages<'a> {
    name: &'a str,
    source: &'a mut dyn Read,
    /// Bytes of the messages before.
    taken: u64,
    /// Messages before.
    number: u64,
}

struct IpcMessage {
    description: Vec<u8>,
    body: Buffer,
}

impl Messages<'_> {
    /// The next message; none at the mark that ends the stream.
    fn next(&mut self) -> Result<Option<IpcMessage>, Vec<Finding>> {
        let mut start = [0; 8];
        let came = self.fill(&mut start)?;
        if self.number == 0 && (came < 8 || !start.starts_with(&CONTINUATION)) {
            return Err(vec![self.no_stream(start.get(..came).unwrap_or_default())]);
        }
        if came < 8 {
            return Err(vec![self.cut(came)]);
        }
        let [a, b, c, d, rest @ ..] = start;
        if [a, b, c, d] != CONTINUATION {
            return Err(vec![self.broken(&"a message does not begin where the one before it ends")]);
        }
        let length = u64::from(u32::from_le_bytes(rest));
        if length == 0 {
            return if self.fill(&mut [0])? == 0 { Ok(None) } else { Err(vec![self.broken(&"bytes follow its end")]) };
        }
        let description = self.take(length, LARGEST_DESCRIPTION)?;
        let message = root_as_message(&description).map_err(|error| vec![self.broken(&error)])?;
        let size = u64::try_from(message.bodyLength()).map_err(|_| vec![self.broken(&"a message claims less than no bytes")])?;
        let body = Buffer::from_vec(self.take(size, LARGEST_BODY)?);
        self.number += 1;
        self.taken += 8 + length + size;
        Ok(Some(IpcMessage { description, body }))
    }

    fn take(&mut self, length: u64, most: u64) -> Result<Vec<u8>, Vec<Finding>> {
        if length > most {
            return Err(vec![self.too_large(length, most)]);
        }
        let mut bytes = Vec::new();
        let read = Read::take(&mut *self.source, length).read_to_end(&mut bytes);
        read.map_err(|error| vec![unreadable(self.name, &error)])?;
        if (bytes.len() as u64) < length { Err(vec![self.cut(8 + bytes.len())]) } else { Ok(bytes) }
    }

    /// Reads until `into` is full or nothing more comes.
    fn fill(&mut self, into: &mut [u8]) -> Result<usize, Vec<Finding>> {
        let mut filled = 0;
        while let Some(rest) = into.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.source.read(rest) {
                Ok(0) => break,
                Ok(more) => filled += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(vec![unreadable(self.name, &error)]),
            }
        }
        Ok(filled)
    }

    /// In which message something is, and at which byte that begins.
    fn place(&self) -> LocalText {
        let (name, number, taken) = (self.name, self.number + 1, self.taken);
        LocalText::new(
            format!("`{name}`, message {number}, from byte {taken} on"),
            format!("`{name}` 第 {number} 条消息（自第 {taken} 字节起）"),
        )
    }

    fn broken(&self, error: &dyn std::fmt::Display) -> Finding {
        let place = self.place();
        refuse(
            DAMAGED_FILE,
            format!("{}: the Arrow stream is damaged: {error}", place.en),
            format!("{}：Arrow 流已损坏：{error}", place.zh),
        )
        .with_help(LocalText::new(
            "write it by `pyarrow.ipc.new_stream`, not compressed, one stream only",
            "请用 `pyarrow.ipc.new_stream` 写出，不压缩，且只写一个流",
        ))
    }

    fn cut(&self, came: usize) -> Finding {
        let place = self.place();
        let (en, zh) = (
            format!("{}: the Arrow stream was cut after {came} bytes of the message; it has no end mark", place.en),
            format!("{}：Arrow 流在该消息的 {came} 字节后中断，没有结束标记", place.zh),
        );
        refuse(DAMAGED_FILE, en, zh).with_help(LocalText::new(
            "did the program that writes it stop early? Its writer must be closed; the decisions so far are not all",
            "写出数据的程序是否提前退出？写出端必须正常关闭；已输出的决策并不完整",
        ))
    }

    fn no_stream(&self, start: &[u8]) -> Finding {
        let name = self.name;
        if start.is_empty() {
            let help = LocalText::new(
                "send an Arrow IPC stream; one without rows has a schema",
                "请传入 Arrow IPC 流；没有记录的流也应有 schema",
            );
            return refuse(EMPTY_FILE, format!("`{name}` is empty"), format!("`{name}` 为空")).with_help(help);
        }
        let (en, zh) = if start.starts_with(b"ARROW1") {
            ("an Arrow file, and no Arrow IPC stream", "Arrow 文件，而不是 Arrow IPC 流")
        } else if start.starts_with(b"PAR1") {
            ("a Parquet file, and no Arrow IPC stream", "Parquet 文件，而不是 Arrow IPC 流")
        } else {
            ("no Arrow IPC stream", "其他内容，而不是 Arrow IPC 流")
        };
        refuse(UNKNOWN_FORMAT, format!("`{name}` is {en}"), format!("`{name}` 是{zh}")).with_help(LocalText::new(
            "send what `pyarrow.ipc.new_stream` writes, or decide a file by `countersign dry-run --requests FILE --decisions OUT`",
            "请传入 `pyarrow.ipc.new_stream` 写出的内容；若是文件，请用 `countersign dry-run --requests FILE --decisions OUT`",
        ))
    }

    fn too_large(&self, length: u64, most: u64) -> Finding {
        let place = self.place();
        let (en, zh) = (
            format!("{}: it claims {length} bytes, more than the {most} that can be taken", place.en),
            format!("{}：声明占用 {length} 字节，超过上限 {most} 字节", place.zh),
        );
        refuse(TOO_LARGE_COLUMN, en, zh).with_help(smaller_batches())
    }

    fn too_many_rows(&self, rows: i64) -> Finding {
        let place = self.place();
        let (en, zh) = (
            format!("{}: a batch of {rows} rows is more than the {MOST_ROWS} that can be taken", place.en),
            format!("{}：一个批次有 {rows} 行，超过上限 {MOST_ROWS} 行", place.zh),
        );
        refuse(TOO_MANY_ROWS, en, zh).with_help(smaller_batches())
    }
}

fn smaller_batches() -> LocalText {
    LocalText::new("send smaller batches: 65,536 rows are enough", "请发送更小的批次：每批 65,536 行即可")
}
