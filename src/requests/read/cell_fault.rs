//! Why a cell is not a value of its field.

use super::field_reader::{FieldReader, MAX_TEXT_BYTES};
use countersign_core::model::RowFault;
use countersign_core::text::LocalText;

/// Why something is not a value of its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CellFault {
    /// There is none, and there must be one.
    Missing,
    /// It does not read as the type.
    NotThat,
    /// It reads, but does not fit.
    OutOfRange,
    /// The text is longer than [`MAX_TEXT_BYTES`].
    TooLong,
    /// The time is finer than a microsecond.
    TooFine,
    /// The amount is finer than a fen.
    FinerThanFen,
    /// It looks like a number of which digits were dropped, where every digit counts.
    Shortened,
    /// A binary number so large that it may be the rounded form of several values.
    Imprecise,
    /// An exponent above zero: digits may have been dropped.
    DigitsDropped,
    /// The point may part decimals or group thousands.
    TwoPoints,
    /// A time that the clocks of its zone left out.
    SkippedTime,
    /// A time that the clocks of its zone showed twice.
    RepeatedTime,
    /// A time zone that is not known.
    UnknownZone,
    /// The second 60.
    LeapSecond,
    /// Digits without separators between them that can be split in several ways.
    RunTogether,
    /// The bytes are not UTF-8.
    NotText,
}

impl CellFault {
    /// The kind of fault that rows are counted by.
    pub(super) fn kind(self) -> RowFault {
        match self {
            Self::Missing => RowFault::MissingValue,
            Self::OutOfRange => RowFault::OutOfRange,
            Self::TooLong => RowFault::TooLong,
            Self::TooFine | Self::FinerThanFen => RowFault::TooFine,
            Self::Shortened | Self::Imprecise | Self::DigitsDropped => RowFault::LostDigits,
            Self::NotThat
            | Self::TwoPoints
            | Self::SkippedTime
            | Self::RepeatedTime
            | Self::UnknownZone
            | Self::LeapSecond
            | Self::RunTogether => RowFault::WrongValue,
            Self::NotText => RowFault::WrongEncoding,
        }
    }

    /// What is wrong with `text`, for people.
    pub(super) fn explain(self, reader: &FieldReader, text: &str) -> LocalText {
        let (en, zh) = match self {
            Self::Missing => ("has no value, and the field must have one", "没有值，而该字段必须有值"),
            Self::TooLong => {
                return LocalText::new(format!("is longer than {MAX_TEXT_BYTES} bytes"), format!("超过 {MAX_TEXT_BYTES} 字节"));
            }
            Self::TooFine => ("is finer than a microsecond", "精度超过微秒"),
            Self::FinerThanFen => ("is finer than a fen", "精度超过分"),
            Self::OutOfRange => ("is out of range", "超出范围"),
            Self::Shortened => (
                "looks like a number rounded by a spreadsheet, and its last digits are lost: export the column again as text",
                "疑似被电子表格舍入的数字，末尾数字已丢失：请将该列以文本格式重新导出",
            ),
            Self::Imprecise => (
                "is a floating-point number too large to be exact: digits may be lost",
                "是过大的浮点数，无法精确表示：末位数字可能已丢失",
            ),
            Self::DigitsDropped => {
                ("is written with an exponent: its last digits may have been dropped", "使用了科学计数法：末位数字可能已丢失")
            }
            Self::TwoPoints => (
                "can be read in two ways: its point may part decimals or group thousands",
                "有两种读法：其中的点可能是小数点，也可能是千位分隔符",
            ),
            Self::SkippedTime => ("is a time that the clocks of its zone left out", "是其时区调整时钟时跳过的时间"),
            Self::RepeatedTime => ("is a time that the clocks of its zone showed twice", "是其时区调整时钟时出现两次的时间"),
            Self::UnknownZone => ("names a time zone that is not known", "所写的时区未知"),
            Self::LeapSecond => ("has the second 60, which cannot be told from 59", "秒数为 60，无法与 59 区分"),
            Self::RunTogether => ("has too few digits to tell its parts from each other", "位数不足，无法区分各个部分"),
            Self::NotText => ("the bytes are not UTF-8", "字节内容不是 UTF-8 编码"),
            Self::NotThat => return reader.explain_wrong_value(text),
        };
        LocalText::new(en, zh)
    }
}
