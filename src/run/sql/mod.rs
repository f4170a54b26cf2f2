//! A rule set as SQL that decides a table where it lies, that adds up its figures, and that proves itself on the engine that runs it.
//!
//! A statement is a chain of queries: parameters and lists; the columns as exact values; the expressions that rules share, in layers; which
//! arm each rule takes; the stages, one after the other; the decision. What has no exact SQL is refused, never approximated.

mod boundary;
mod duckdb;
mod functions;
mod nodes;
mod read;
mod stages;
mod words;

use std::collections::HashSet;
use std::fmt::Write;

use countersign_core::engine::Engine;
use countersign_core::model::{Decision, FieldType, Limit, Request, RuleIndex, Status, Verdict};
use countersign_core::plan::{NodeId, PlanStep};
use countersign_core::text::LocalText;

use nodes::Nodes;
use stages::{Columns, SaidRule, SaidStage, Stages};
pub use words::Dialect;
use words::{SqlType, Words};

/// Requests of a self-check.
const CHECKED: usize = 500;

/// The statements of a rule set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translation {
    /// Gives a decision for each row of the table.
    pub decide: String,
    /// Gives the figures of all rows.
    pub totals: String,
    /// Gives no row where the engine decides as it must.
    pub self_check: String,
    /// The rules that were left out.
    pub skipped: Vec<RuleIndex>,
}

/// What has no exact SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotSaid {
    /// The rule; none where it is the schema or the rule set as a whole.
    pub rule: Option<RuleIndex>,
    pub why: LocalText,
}

/// What a translation is made for.
#[derive(Clone, Copy, Debug)]
pub struct TranslationTarget<'a> {
    pub dialect: Dialect,
    /// The table of requests, with the schemas it is in: `risk.requests`.
    pub table: &'a str,
    /// The digest of the rule set.
    pub digest: &'a str,
    /// Whether rules without exact SQL are left out.
    pub skip: bool,
}

/// Says a rule set in SQL.
///
/// # Errors
/// Everything without exact SQL.
pub fn translate(engine: &Engine, target: TranslationTarget<'_>) -> Result<Translation, Vec<NotSaid>> {
    let words = target.dialect.words();
    let refused = check(engine);
    if !refused.is_empty() {
        return Err(refused);
    }
    let not_said = not_said(engine, words);
    let skipped: Vec<RuleIndex> = not_said.iter().filter_map(|refused| refused.rule).collect();
    if !target.skip && !not_said.is_empty() {
        return Err(not_said);
    }
    let whole = |why| vec![NotSaid { rule: None, why }];
    let statement = Statement::new(engine, words, &skipped).map_err(whole)?;
    let table: Vec<String> = target.table.split('.').map(|part| words.identifier(part)).collect();
    let table = table.join(".");
    let head = statement.head(target.digest);
    let decided = statement.queries(&table);
    let (columns, amount) = (statement.columns(false), statement.columns(true));
    Ok(Translation {
        decide: format!("{head}{decided}\n{columns};\n"),
        totals: format!("{head}{}", statement.totals(&decided, &amount)),
        self_check: format!("{head}{}", statement.self_check(&columns)),
        skipped,
    })
}

/// What the schema or the rule set as a whole has that no statement can say.
fn check(engine: &Engine) -> Vec<NotSaid> {
    let definition = engine.definition();
    let mut found = Vec::new();
    let mut refuse = |en: String, zh: String| found.push(NotSaid { rule: None, why: LocalText::new(en, zh) });
    if !engine.plan().usable() {
        refuse("a parameter that is a very long text".to_owned(), "参数为过长的文本".to_owned());
    }
    for (_, name, field) in definition.schema.fields() {
        if field.derived.is_some() {
            refuse(format!("`{name}`, which is derived from earlier requests"), format!("由历史请求派生的字段 `{name}`"));
        }
    }
    let names = definition.schema.fields().map(|(_, name, _)| name);
    let rules = definition.rule_set.rules().map(|(.., rule)| format!("rule {}", rule.id.as_str()));
    let stages = definition.rule_set.stages.iter().map(|stage| format!("stage {}", stage.id.as_str()));
    let mut seen = HashSet::new();
    for name in names.chain(rules).chain(stages) {
        if !seen.insert(name.to_lowercase()) {
            refuse(
                format!("`{name}`, which another name equals but for its case: columns of SQL are told apart without case"),
                format!("`{name}` 与另一名称仅大小写不同：SQL 的列名不区分大小写"),
            );
        }
    }
    let key = definition.schema.find(definition.schema.roles.key.as_str()).map(|(_, field)| &field.kind);
    if !matches!(key, Some(FieldType::Text | FieldType::Int)) {
        refuse("a key that is neither a text nor a whole number".to_owned(), "主键既不是文本也不是整数".to_owned());
    }
    found
}

/// The rules without exact SQL, each with its reason.
fn not_said(engine: &Engine, words: &'static dyn Words) -> Vec<NotSaid> {
    let (definition, plan) = (engine.definition(), engine.plan());
    let rules = definition.rule_set.rules().filter(|(.., rule)| rule.status != Status::Off);
    let refused = rules.filter_map(|(index, ..)| {
        let why = match plan.rule(index) {
            Err(not_lowered) => Some(not_lowered.why.clone()),
            Ok(lowered) => Nodes::new(words, definition, plan, &roots(&lowered.steps)).layers().err().or_else(|| {
                let nodes = Nodes::new(words, definition, plan, &roots(&lowered.steps));
                lowered.steps.iter().flat_map(PlanStep::nodes).find_map(|node| nodes.value(node).and(nodes.failed(node)).err())
            }),
        };
        Some(NotSaid { rule: Some(index), why: why? })
    });
    refused.collect()
}

/// What the steps name, each as often as it is written.
fn roots(steps: &[PlanStep]) -> Vec<NodeId> {
    steps.iter().flat_map(PlanStep::nodes).flat_map(|node| [node, node]).collect()
}

/// The parts of the statements of a rule set.
struct Statement<'a> {
    engine: &'a Engine,
    words: &'static dyn Words,
    skipped: &'a [RuleIndex],
    /// Parameters and lists.
    given: Vec<(String, String)>,
    /// Queries, each over the one before, with what they are.
    chain: Vec<(String, Columns, String)>,
}

impl<'a> Statement<'a> {
    fn new(engine: &'a Engine, words: &'static dyn Words, skipped: &'a [RuleIndex]) -> Result<Self, LocalText> {
        let (definition, plan) = (engine.definition(), engine.plan());
        let (schema, rule_set) = (&definition.schema, &definition.rule_set);
        let said = |index: RuleIndex| plan.rule(index).ok().filter(|_| !skipped.contains(&index));
        let all = rule_set.rules().filter(|(.., rule)| rule.status != Status::Off);
        let said: Vec<_> = all.filter_map(|(index, stage, rule)| Some((stage, SaidRule { rule, lowered: said(index)? }))).collect();
        let roots: Vec<NodeId> = said.iter().flat_map(|(_, rule)| roots(&rule.lowered.steps)).collect();
        let nodes = Nodes::new(words, definition, plan, &roots);
        let mut by_stage: Vec<SaidStage<'_>> = rule_set.stages.iter().map(|stage| SaidStage { stage, rules: Vec::new() }).collect();
        for (stage, rule) in said {
            if let Some(stage) = by_stage.get_mut(stage.at()) {
                stage.rules.push(rule);
            }
        }
        let time = words.identifier(schema.roles.time.as_str());
        let stages = Stages { words, rule_set, nodes: &nodes, all: by_stage, time };

        let parameters: Vec<String> = rule_set
            .parameters
            .iter()
            .map(|(id, parameter)| {
                format!("{} AS {}", read::parameter(words, &parameter.value), words.identifier(&format!("params.{}", id.as_str())))
            })
            .collect();
        let no_parameter = format!("1 AS {}", words.identifier("no parameter"));
        let parameters = if parameters.is_empty() { no_parameter } else { parameters.join(",\n    ") };
        let mut given = vec![("rule parameters".to_owned(), format!("SELECT\n    {parameters}"))];
        let list_name = |at| rule_set.lists.get_index(at).map_or(String::new(), |(id, _)| format!("list {}", id.as_str()));
        given.extend(nodes.lists().into_iter().map(|list| (list_name(list.at()), nodes.list_table(list))));

        let mut chain = Vec::new();
        for (at, layer) in nodes.layers()?.into_iter().enumerate() {
            let joins: Vec<String> = layer
                .joins
                .iter()
                .map(|(alias, list, item)| {
                    let (table, alias) = (words.identifier(&list_name(list.at())), words.identifier(alias));
                    format!("\nLEFT JOIN {table} AS {alias} ON {alias}.entry = {item}")
                })
                .collect();
            chain.push((format!("shared expressions {}", at + 1), layer.columns, joins.concat()));
        }
        chain.push(("all arms".to_owned(), stages.arms()?, String::new()));
        for (at, stage) in rule_set.stages.iter().enumerate() {
            for (step, columns) in stages.stage(at)?.into_iter().enumerate() {
                chain.push((format!("stage {} step {}", stage.id.as_str(), step + 1), columns, String::new()));
            }
        }
        let [values, lists] = stages.decision()?;
        chain.push(("decision values".to_owned(), values, String::new()));
        chain.push(("decision lists".to_owned(), lists, String::new()));
        chain.retain(|(_, columns, joins)| !columns.is_empty() || !joins.is_empty());
        Ok(Self { engine, words, skipped, given, chain })
    }

    /// What the statement is, as comments.
    fn head(&self, digest: &str) -> String {
        let rule_set = &self.engine.definition().rule_set;
        let mut head = String::new();
        let mut line = |text: &str| {
            let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            let _ = writeln!(head, "-- {text}");
        };
        line(&format!("{} {}: {} / {}", rule_set.name, rule_set.version, rule_set.title.en, rule_set.title.zh));
        line(&format!("{digest}, for {}", self.words.title()));
        line("Generated: change the rules and translate again. / 自动生成：请修改规则后重新转换。");
        line("`asked` rows are not decided for certain: decide them with the program. / `asked` 为真的记录须由程序决策。");
        for index in self.skipped {
            let id = rule_set.rule(*index).map_or("", |rule| rule.id.as_str());
            line(&format!(
                "LEFT OUT: rule {id} cannot be said in SQL; no row is decided by it. / 未包含规则 {id}：无法以 SQL 表达。"
            ));
        }
        head
    }

    /// Everything up to the decision, of the rows of a table.
    fn queries(&self, table: &str) -> String {
        self.with(&[], table)
    }

    fn with(&self, before: &[(String, String)], table: &str) -> String {
        let definition = self.engine.definition();
        let words = self.words;
        let mut queries: Vec<String> = Vec::new();
        for (name, query) in before.iter().chain(&self.given) {
            queries.push(format!("{} AS (\n{query}\n)", words.identifier(name)));
        }
        let written = |columns: &Columns| {
            let columns: Vec<String> = columns
                .iter()
                .map(|(name, text)| format!("{}    {text} AS {}", self.comment(name), words.identifier(name)))
                .collect();
            columns.join(",\n")
        };
        let [values, checks] = read::columns(words, &definition.schema, self.engine.plan());
        queries.push(format!("{} AS (\nSELECT\n{}\nFROM {table}\n)", words.identifier("request values"), written(&values)));
        let (rows, parameters) = (words.identifier("request values"), words.identifier("rule parameters"));
        let mut last = words.identifier("checked values");
        let checks = written(&checks);
        queries.push(format!("{last} AS (\nSELECT *,\n{checks}\nFROM {rows} CROSS JOIN {parameters}\n)"));
        for (name, columns, joins) in &self.chain {
            queries.push(format!("{} AS (\nSELECT {last}.*,\n{}\nFROM {last}{joins}\n)", words.identifier(name), written(columns)));
            last = words.identifier(name);
        }
        format!("WITH\n{}", queries.join(",\n"))
    }

    /// What a rule's column is for people.
    fn comment(&self, column: &str) -> String {
        let Some(id) = column.strip_prefix("arm ") else { return String::new() };
        let found = self.engine.definition().rule_set.rules().find(|(.., rule)| rule.id.as_str() == id);
        let Some((.., rule)) = found else { return String::new() };
        let lines = format!("{id}: {} / {}\n{}", rule.title.en, rule.title.zh, rule.script.text.trim());
        let clean = |line: &str| line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
        lines.lines().fold(String::new(), |text, line| text + "    -- " + clean(line).as_str() + "\n")
    }

    /// The last query: the columns of a decision, with the amount where it is added up.
    fn columns(&self, with_amount: bool) -> String {
        let (words, schema) = (self.words, &self.engine.definition().schema);
        let named = |name: &str| words.identifier(name);
        let unread = named("row unread");
        let (key, text) = (named(schema.roles.key.as_str()), words.type_name(SqlType::Text));
        let read = |value: String| format!("CASE WHEN {unread} IS NULL THEN {value} END");
        let whole = |name: &str| read(words.value(&named(name), SqlType::Whole));
        let joined = |list: &str| read(words.joined(&named(list)));
        let verdicts = Verdict::ALL.map(|verdict| format!(" WHEN {} THEN {}", stages::number(verdict), words.text(verdict.word())));
        let mut columns = vec![
            ("key".to_owned(), format!("CAST({key} AS {text})")),
            ("verdict".to_owned(), read(format!("CASE {}{} END", named("decision final"), verdicts.concat()))),
            ("interface".to_owned(), read(named("decision interface"))),
            ("score".to_owned(), whole("decision score")),
            ("reasons".to_owned(), joined("reason list")),
            ("hits".to_owned(), joined("hit list")),
            ("errors".to_owned(), format!("COALESCE({} || {unread}, {})", words.text("unread:"), joined("error list"))),
        ];
        let limits = Limit::ALL.map(|limit| format!("limit_{}", limit.word()));
        columns.extend(limits.map(|name| (name.clone(), whole(&format!("decision {name}")))));
        columns.push(("routed_by".to_owned(), read(named("decision routed_by"))));
        columns.push(("shadow_hits".to_owned(), joined("shadow hit list")));
        let asked = format!("({unread} IS NOT NULL OR {} OR {})", named("row long"), named("decision fails"));
        columns.push(("asked".to_owned(), asked));
        if with_amount {
            let amount =
                schema.roles.amount.as_ref().map_or("0".to_owned(), |field| format!("COALESCE({}, 0)", named(field.as_str())));
            columns.push(("amount_fen".to_owned(), format!("CAST({amount} AS {})", words.type_name(SqlType::Whole))));
        }
        let columns: Vec<String> = columns.iter().map(|(name, text)| format!("    {text} AS {name}")).collect();
        format!("SELECT\n{}\nFROM {}", columns.join(",\n"), named("decision lists"))
    }

    /// Counts and amounts by verdict, interface, reason, rule and error.
    fn totals(&self, queries: &str, columns: &str) -> String {
        let (decided, once) = (self.words.identifier("decided requests"), self.words.computed_once());
        let by = |figure: &str, column: &str| {
            format!(
                "SELECT '{figure}' AS figure, {column} AS name, COUNT(*) AS requests, SUM(amount_fen) AS amount_fen\nFROM {decided}\n\
                 GROUP BY {column}"
            )
        };
        let each = |figure: &str, column: &str| {
            let parts = self.words.split(&format!("{decided}.{column}"));
            format!(
                "SELECT '{figure}' AS figure, parts.part AS name, COUNT(*) AS requests, SUM(amount_fen) AS amount_fen\nFROM {decided} \
                 CROSS JOIN LATERAL {parts}\nWHERE {column} IS NOT NULL\nGROUP BY parts.part"
            )
        };
        let all = [
            by("verdict", "verdict"),
            by("interface", "interface"),
            each("reason", "reasons"),
            each("hit", "hits"),
            each("shadow hit", "shadow_hits"),
            each("error", "errors"),
            format!(
                "SELECT 'asked' AS figure, NULL AS name, COUNT(*) AS requests, SUM(amount_fen) AS amount_fen\nFROM {decided} WHERE asked"
            ),
        ];
        format!("{queries},\n{decided} {once}\n{columns}\n)\n{}\nORDER BY figure, name;\n", all.join("\nUNION ALL\n"))
    }

    /// Decides boundary requests, and gives those whose decision is not the expected one.
    fn self_check(&self, columns: &str) -> String {
        let engine = self.without_skipped();
        let engine = engine.as_ref().unwrap_or(self.engine);
        let checked = boundary::requests(engine, CHECKED);
        let (words, definition) = (self.words, self.engine.definition());
        let names: Vec<String> = definition.schema.fields().map(|(_, name, _)| words.identifier(&name)).collect();
        let row = |(request, _): &(Request, Decision)| {
            let fields = definition.schema.fields();
            let values: Vec<String> =
                fields.map(|(index, ..)| read::literal(words, definition, index, request.get(index))).collect();
            format!("({})", values.join(", "))
        };
        let rows: Vec<String> = checked.iter().map(row).collect();
        let requests = format!("SELECT * FROM (VALUES\n{}\n) AS given({})", rows.join(",\n"), names.join(", "));
        let expected: Vec<String> = checked.iter().map(|(request, decision)| self.expected(request, decision)).collect();
        let outputs = [
            "key",
            "verdict",
            "interface",
            "score",
            "reasons",
            "hits",
            "errors",
            "limit_single",
            "limit_day",
            "limit_month",
            "limit_year",
            "routed_by",
            "shadow_hits",
        ];
        let wanted: Vec<String> = outputs.iter().map(|name| format!("wanted_{name}")).collect();
        let expected = format!("SELECT * FROM (VALUES\n{}\n) AS wanted({})", expected.join(",\n"), wanted.join(", "));
        let (check, decided, wanted) =
            (words.identifier("requests to check"), words.identifier("decided requests"), words.identifier("expected decisions"));
        let queries = self.with(&[("requests to check".to_owned(), requests)], &check);
        let differs: Vec<String> =
            outputs.iter().skip(1).map(|name| format!("{decided}.{name} IS DISTINCT FROM {wanted}.wanted_{name}")).collect();
        format!(
            "-- No row is right. / 没有结果行即为正确。\n{queries},\n{decided} AS (\n{columns}\n),\n{wanted} AS (\n{expected}\n)\n\
             SELECT * FROM {wanted} LEFT JOIN {decided} ON {decided}.key = {wanted}.wanted_key\nWHERE {decided}.key IS NULL OR\n    {};\n",
            differs.join(" OR\n    ")
        )
    }

    /// The engine of the same rule set without the rules that are left out; none where none is.
    fn without_skipped(&self) -> Option<Engine> {
        if self.skipped.is_empty() {
            return None;
        }
        let mut definition = (**self.engine.definition()).clone();
        let left_out: HashSet<String> = self
            .skipped
            .iter()
            .filter_map(|index| definition.rule_set.rule(*index))
            .map(|rule| rule.id.as_str().to_owned())
            .collect();
        for rule in definition.rule_set.stages.iter_mut().flat_map(|stage| &mut stage.rules) {
            if left_out.contains(rule.id.as_str()) {
                rule.status = Status::Off;
            }
        }
        let program = self.engine.program().clone();
        Some(Engine::new(std::sync::Arc::new(definition), program))
    }

    fn expected(&self, request: &Request, decision: &Decision) -> String {
        let (words, definition) = (self.words, self.engine.definition());
        let rule_set = &definition.rule_set;
        let text = |text: &str| {
            let text = if text.is_empty() { "NULL".to_owned() } else { words.text(text) };
            words.value(&text, SqlType::Text)
        };
        let whole =
            |number: Option<i64>| words.value(&number.map_or("NULL".to_owned(), |number| number.to_string()), SqlType::Whole);
        let rule = |index: &RuleIndex| rule_set.rule(*index).map_or("", |rule| rule.id.as_str());
        let rules = |all: &[RuleIndex]| all.iter().map(rule).collect::<Vec<_>>().join(";");
        let mut codes: Vec<&str> = Vec::new();
        for given in &decision.reasons {
            let code = rule_set.reasons.get_index(given.reason.at()).map_or("", |(id, _)| id.as_str());
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        let errors = decision.errors.iter().filter(|error| !error.shadow).map(|error| match &error.rule {
            Some(index) => rule(index).to_owned(),
            None => format!("stage:{}", rule_set.stages.get(error.stage.at()).map_or("", |stage| stage.id.as_str())),
        });
        let errors = errors.collect::<Vec<_>>().join(";");
        let interface = decision.interface.and_then(|at| rule_set.interfaces.get_index(at.at())).map_or("", |(id, _)| id.as_str());
        let key = definition
            .schema
            .find(definition.schema.roles.key.as_str())
            .map(|(index, _)| request.get(index).show(definition.schema.zone));
        let mut cells = vec![
            text(&key.unwrap_or_default()),
            text(decision.verdict.word()),
            text(interface),
            whole(Some(decision.score)),
            text(&codes.join(";")),
            text(&rules(&decision.hits)),
            text(&errors),
        ];
        cells.extend(Limit::ALL.map(|limit| whole(decision.limits.get(limit).map(|fen| fen.0))));
        cells.push(text(decision.routed_by.as_ref().map_or("", rule)));
        cells.push(text(&rules(&decision.shadow_hits)));
        format!("({})", cells.join(", "))
    }
}
