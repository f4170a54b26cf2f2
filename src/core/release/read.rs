//! Reads a release: strictly, byte for byte, in an order that gives the most telling reason first.

use std::sync::Arc;

use ron::error::SpannedError;
use ron::extensions::Extensions;

use super::format1::{self, ReleaseFile, from_model, layout, to_model::ReleaseReading};
use super::node::ron as printer;
use super::refusal::{self, export_again, refuse};
use super::{Digest, FIRST_LINE, PROFILE, Profile, Refused, Release, digests, rule_set_digest, schema_digest};
use crate::diagnostic::{Finding, Help, Operation};
use crate::model::Definition;
use crate::raw;
use crate::text::{LineColumn, LocalText, Places, SourceId, Sources, Span};

/// The largest file that is read: places in it are counted in 32 bits.
const MAX_BYTES: usize = 1 << 30;

/// Reads a release from the bytes of its file; `name` is what findings call it, such as `released/2014.03.24.ron`.
///
/// # Errors
/// When the bytes are not exactly what this program writes for some release, or the release was made for a newer engine.
pub fn read(name: &str, bytes: &[u8]) -> Result<Release, Refused> {
    let mut sources = Sources::default();
    let text = match text(bytes) {
        Ok(text) => text,
        Err(findings) => return Err(Refused { sources, findings }),
    };
    let source = sources.add(name, Arc::clone(&text));
    match understand(&text, source, &mut sources) {
        Ok(release) => Ok(release),
        Err(findings) => Err(Refused { sources, findings }),
    }
}

fn text(bytes: &[u8]) -> Result<Arc<str>, Vec<Finding>> {
    if bytes.len() > MAX_BYTES {
        let message = LocalText::new(
            format!("the file has {} bytes, more than a release may have", bytes.len()),
            format!("文件有 {} 字节，超过发布文件的上限", bytes.len()),
        );
        let help = LocalText::new("is this the right file? a release has at most 1 GiB", "请确认文件是否正确；发布文件最大 1 GiB");
        return Err(vec![refuse(refusal::SIZE, None, message, help)]);
    }
    std::str::from_utf8(bytes).map(Arc::from).map_err(|error| {
        let at = error.valid_up_to();
        // A character cut in half at the very end is a cut file, not a wrong encoding.
        let (id, message) = if error.error_len().is_none() {
            (refusal::TRUNCATED, LocalText::new("the release ends inside a character", "发布文件在一个字符中间结束"))
        } else {
            (refusal::ENCODING, LocalText::new(format!("byte {at} is not UTF-8 text"), format!("第 {at} 字节不是 UTF-8 文本")))
        };
        vec![refuse(id, None, message, export_again())]
    })
}

fn understand(text: &Arc<str>, source: SourceId, sources: &mut Sources) -> Result<Release, Vec<Finding>> {
    format(text, source)?;
    let file = parse(text, source)?;
    numbered(&file, text, source)?;
    let places = same_bytes(text, source, &file)?;
    let digest = same_digest(&file, &places)?;
    let engine = engine(&file, &places)?;
    let mut reading = ReleaseReading { findings: Vec::new(), text, places: &places, sources };
    let approvals = reading.approvals(&file.approvals, file.lineage.is_some());
    let provenance = reading.provenance(&file);
    let evidence = reading.evidence(&file.evidence);
    let at = reading.part("schema");
    let schema = raw::read::schema(&mut reading, &file.schema, &at);
    let zone = schema.as_ref().map(|schema| schema.zone).unwrap_or_default();
    let at = reading.part("rule_set");
    let rule_set = raw::read::rule_set(&mut reading, &file.rule_set, &at, zone);
    let findings = reading.findings;
    let (Some(provenance), Some(evidence), Some(schema), Some(rule_set), true) =
        (provenance, evidence, schema, rule_set, findings.is_empty())
    else {
        return Err(findings);
    };
    let definition = Definition { schema, rule_set, sources: sources.clone(), places: model_places(&places) };
    let again = from_model::file(&engine, &provenance, &approvals, &evidence, &definition);
    // The digests are right; what is looked for is a value that was read but is not written so.
    let again = ReleaseFile { digest: file.digest, approvals_digest: file.approvals_digest, ..again };
    same_bytes(text, source, &again)?;
    let definition = Arc::new(definition);
    let release = Release {
        text: Arc::clone(text),
        digest,
        engine,
        provenance,
        approvals: approvals.into(),
        evidence: Arc::new(evidence),
        definition: with_normal_lists(&definition),
        written: definition,
    };
    same_rules(&release)?;
    Ok(release)
}

/// The definition with every list in normal form, as requests are and lists of a workspace.
fn with_normal_lists(definition: &Arc<Definition>) -> Arc<Definition> {
    let lists = definition.rule_set.lists.iter();
    let changed: Vec<_> = lists.filter_map(|(id, list)| Some((id.clone(), list.entries.normalized()?))).collect();
    let mut definition = Arc::clone(definition);
    for (id, entries) in changed {
        if let Some(list) = Arc::make_mut(&mut definition).rule_set.lists.get_mut(&id) {
            list.entries = entries;
        }
    }
    definition
}

/// Looks at the first lines only, so that a later format is named as such, whatever else it holds.
fn format(text: &str, source: SourceId) -> Result<(), Vec<Finding>> {
    let first = Span::new(source, 0, text.find('\n').unwrap_or(text.len()));
    let start = format!("{FIRST_LINE}\n(\n    format: ");
    if let Some(rest) = text.strip_prefix(&start) {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (number, after) = rest.split_at_checked(digits).unwrap_or((rest, ""));
        let place = Span::new(source, start.len(), start.len() + digits);
        let is_known = format1::FORMATS.into_iter().any(|known| known.to_string() == number);
        if is_known && (after.starts_with(',') || after.is_empty()) {
            return complete(text, source);
        }
        if number.is_empty() && after.is_empty() {
            return Err(vec![truncated(text, source)]);
        }
        let message = LocalText::new(
            format!("format `{number}` of a release is not known here, only formats {}", known_formats()),
            format!("不支持格式 `{number}` 的发布文件，本程序只支持格式 {}", known_formats()),
        );
        let help = LocalText::new(
            "load it with the program's version that wrote it, or a later one",
            "请使用导出该文件的程序版本或更新的版本",
        );
        return Err(vec![refuse(refusal::FORMAT, place, message, help)]);
    }
    if start.starts_with(text) {
        return Err(vec![truncated(text, source)]);
    }
    let message = LocalText::new("the file does not begin as a release does", "文件开头不是发布文件的格式");
    let line_ends = text.contains("\r\n") || text.starts_with('\u{feff}');
    let help = if line_ends {
        Help::from(LocalText::new(
            "a program changed its line ends or put a byte order mark before it: copy the exported file as it is",
            "有程序改动了换行符或添加了字节顺序标记：请原样复制导出的文件",
        ))
    } else {
        Help::with_operation(LocalText::new("make a release of a workspace", "请由工作区生成发布"), Operation::MakeRelease)
    };
    Err(vec![refuse(refusal::FORMAT, first, message, help)])
}

fn known_formats() -> String {
    format!("{}–{}", format1::FORMATS.start(), format1::FORMATS.end())
}

/// A file of format 1 has no lineage, one of format 2 has one.
fn numbered(file: &ReleaseFile, text: &str, source: SourceId) -> Result<(), Vec<Finding>> {
    if format1::number(file.lineage.is_some()) == file.format {
        return Ok(());
    }
    let place = text.find("\n    lineage:").or_else(|| text.find("\n    format:")).map_or(0, |at| at + 5);
    let (id, en, zh) = if file.lineage.is_some() {
        (refusal::UNKNOWN_FIELD, "has no field `lineage`", "没有字段 `lineage`")
    } else {
        (refusal::MISSING_FIELD, "needs the field `lineage`", "缺少字段 `lineage`")
    };
    let message = LocalText::new(format!("format {} {en}", file.format), format!("格式 {} {zh}", file.format));
    Err(vec![refuse(id, Span::new(source, place, place), message, export_again())])
}

/// Every release ends with a parenthesis on a line of its own; whether something follows it, the parser says.
fn complete(text: &str, source: SourceId) -> Result<(), Vec<Finding>> {
    if text.contains("\n)\n") { Ok(()) } else { Err(vec![truncated(text, source)]) }
}

fn truncated(text: &str, source: SourceId) -> Finding {
    let message = LocalText::new("the release ends too early", "发布文件不完整，提前结束");
    let help = LocalText::new("the file was cut: copy or export it again", "文件被截断：请重新复制或导出");
    refuse(refusal::TRUNCATED, Span::new(source, text.len(), text.len()), message, help)
}

fn parse(text: &str, source: SourceId) -> Result<ReleaseFile, Vec<Finding>> {
    let options = ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
    options.from_str(text).map_err(|error| vec![not_read(text, source, &error)])
}

/// What the parser found, in our words.
fn not_read(text: &str, source: SourceId, error: &SpannedError) -> Finding {
    use ron::Error;
    let place = |at: ron::error::Position| {
        let clamp = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        crate::text::Source::new("", text).byte_at(LineColumn { line: clamp(at.line), column: clamp(at.col) })
    };
    let span = Span::new(source, place(error.span.start), place(error.span.end));
    // What fails in the last line of a text without the end of a release fails because that is cut.
    if !text.ends_with("\n)\n")
        && error.code != Error::TrailingCharacters
        && text.get(span.start as usize..).is_none_or(|rest| !rest.contains('\n'))
    {
        return truncated(text, source);
    }
    let refuse = |id, en: String, zh: String| refuse(id, span, LocalText::new(en, zh), export_again());
    match &error.code {
        Error::Eof | Error::ExpectedStringEnd | Error::UnclosedBlockComment | Error::UnclosedLineComment => truncated(text, source),
        Error::TrailingCharacters => {
            refuse(refusal::TRAILING, "something follows the end of the release".to_owned(), "发布内容之后还有多余内容".to_owned())
        }
        Error::NoSuchStructField { found, .. } => refuse(
            refusal::UNKNOWN_FIELD,
            format!("the field `{found}` is not one of formats {}", known_formats()),
            format!("格式 {} 没有字段 `{found}`", known_formats()),
        ),
        Error::MissingStructField { field, .. } => {
            refuse(refusal::MISSING_FIELD, format!("the field `{field}` is missing"), format!("缺少字段 `{field}`"))
        }
        Error::DuplicateStructField { field, .. } => {
            refuse(refusal::DUPLICATE, format!("the field `{field}` appears twice"), format!("字段 `{field}` 出现了两次"))
        }
        Error::NoSuchEnumVariant { found, .. } => {
            refuse(refusal::SYNTAX, format!("`{found}` is not a word of this format"), format!("`{found}` 不是该格式中的取值"))
        }
        _ => refuse(refusal::SYNTAX, "this is not what a release has here".to_owned(), "此处内容不符合发布文件的格式".to_owned()),
    }
}

fn altered(span: Span) -> Finding {
    let message =
        LocalText::new("from here on the file is not written as a release is written", "从此处开始，文件的写法与发布文件不一致");
    refuse(refusal::ALTERED, span, message, export_again())
}

/// Prints the file again and demands the same bytes; gives the places of its parts.
fn same_bytes(text: &str, source: SourceId, file: &ReleaseFile) -> Result<Places, Vec<Finding>> {
    let node = layout::node(file).map_err(|_| vec![altered(Span::new(source, 0, 0))])?;
    let printed = printer::print(FIRST_LINE, &node, true);
    if printed.text != text {
        let same = printed.text.bytes().zip(text.bytes()).take_while(|(one, other)| one == other).count();
        return Err(vec![altered(Span::new(source, same, same))]);
    }
    let mut places = Places::default();
    for (path, span) in printed.places {
        places.insert(path, Span { source, ..span });
    }
    Ok(places)
}

fn same_digest(file: &ReleaseFile, places: &Places) -> Result<Digest, Vec<Finding>> {
    let wrong = |path: &str, en: &str, zh: &str, stated: &str, computed: Digest| {
        let message = LocalText::new(
            format!("{en} the digest `{computed}`, not `{stated}` as the file says"),
            format!("{zh}的摘要是 `{computed}`，与文件中的 `{stated}` 不符"),
        );
        vec![refuse(refusal::DIGEST, places.find(path), message, export_again())]
    };
    let (content, approvals) = digests(file).map_err(|_| vec![altered(places.find("format").unwrap_or_default())])?;
    if Digest::parse(&file.digest) != Some(content) {
        return Err(wrong("digest", "the content has", "内容", &file.digest, content));
    }
    if Digest::parse(&file.approvals_digest) != Some(approvals) {
        return Err(wrong("approvals_digest", "the approvals have", "审批记录", &file.approvals_digest, approvals));
    }
    Ok(content)
}

fn engine(file: &ReleaseFile, places: &Places) -> Result<Profile, Vec<Finding>> {
    let stated = &file.engine;
    if stated.profile == 0 || stated.profile > PROFILE {
        let message = LocalText::new(
            format!("the release was made for script engine {}, this program has {PROFILE}", stated.profile),
            format!("该发布使用脚本引擎 {}，本程序的引擎是 {PROFILE}", stated.profile),
        );
        let help = LocalText::new(
            format!("load it with version {} of this program or a later one", stated.countersign),
            format!("请使用本程序的 {} 或更新版本", stated.countersign),
        );
        return Err(vec![refuse(refusal::ENGINE, places.find("engine.profile"), message, help)]);
    }
    Ok(Profile { number: stated.profile, rhai: stated.rhai.clone(), countersign: stated.countersign.clone() })
}

/// The evidence must be of these rules and this schema.
fn same_rules(release: &Release) -> Result<(), Vec<Finding>> {
    let definition = &release.written;
    let evidence = &release.evidence;
    let rules = rule_set_digest(&definition.rule_set, definition.schema.zone) == evidence.rule_set;
    if rules && schema_digest(&definition.schema) == evidence.schema {
        return Ok(());
    }
    let path = if rules { "evidence.schema" } else { "evidence.rule_set" };
    let message = LocalText::new("the evidence is of other rules or another schema", "试运行依据属于另一套规则或另一个 schema");
    let help = LocalText::new("run the cases and samples again and export again", "请重新运行用例和样本后再导出");
    Err(vec![refuse(refusal::EVIDENCE, definition.places.find(path), message, help)])
}

/// Places by the names that checks use: `rules.<id>`, `schema.<group>.<field>`; the file's own path otherwise.
fn model_places(places: &Places) -> Places {
    let mut renamed = Places::default();
    for (path, span) in places.iter() {
        renamed.insert(model_path(path), span);
    }
    renamed
}

fn model_path(path: &str) -> String {
    if let Some(inside) = path.strip_prefix("rule_set.") {
        if let Some(rule) = inside.strip_prefix("stages.").and_then(|stage| stage.split_once(".rules.")) {
            return format!("rules.{}", rule.1);
        }
        return inside.to_owned();
    }
    if let Some((group, field)) = path.strip_prefix("schema.groups.").and_then(|inside| inside.split_once(".fields.")) {
        return format!("schema.{group}.{field}");
    }
    path.strip_prefix("schema.groups.").map_or_else(|| path.to_owned(), |group| format!("schema.{group}"))
}
