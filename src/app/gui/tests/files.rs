//! Files and first steps as a person meets them: a foreign file is mapped, an empty folder becomes a workspace, a broken one is fixed,
//! files are dropped on the window; in both languages.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui::DroppedFile;

use super::*;
use countersign_session::{MappingAction as M, Weight};
use countersign_workspace::kinds::RON_SYNTAX;

/// Three requests of a system with other names and forms.
const FOREIGN: &str =
    "serial;when;amount_fen;kind\nA1;2014/03/24 08:00:00;500000;new\nA2;2014/03/24 08:00:01;12050;stock\nA3;soon;1;new\n";
const SCHEMA: &str = r#"(format: 1, name: "small", zone: "+08:00", roles: (key: "request.id", time: "request.received_at"), groups: {
    "request": (text: (en: "Request", zh: "请求"), fields: {
        "id": (type: Text, text: (en: "Serial", zh: "流水号")),
        "received_at": (type: Time, text: (en: "When it came", zh: "到达时间")),
        "amount": (type: Money, text: (en: "Amount", zh: "金额")),
    }),
})"#;
const RULES: &str = r#"(format: 1, name: "small", version: "1", title: (en: "Small", zh: "小"),
    on_error: (verdict: Refer, reason: "SYSTEM_ERROR"),
    reasons: {"SYSTEM_ERROR": (text: (en: "A rule failed", zh: "规则出错"), wire: "R999")},
    stages: [(id: "checks", title: (en: "Checks", zh: "检查"), kind: Screen(policy: MostSevere, bands: []), rules: [])],
)"#;

/// The texts in one language.
struct FilesWords {
    language: Language,
    left_out: &'static str,
    would_read: &'static str,
    bad: &'static str,
    no_value: &'static str,
    load: &'static str,
    leave: &'static str,
    one_left: &'static str,
    file: &'static str,
    take: &'static str,
    create: &'static str,
    zone: &'static str,
    key: &'static str,
    number: &'static str,
    text: &'static str,
    to_fix: &'static str,
    save: &'static str,
}

const WORDS: [FilesWords; 2] = [
    FilesWords {
        language: Language::En,
        left_out: "left out",
        would_read: "2 of the first 3 rows would be read",
        bad: "line 4, column “when”: “soon”",
        no_value: "Read None as no value",
        load: "Load the requests",
        leave: "Leave them out",
        one_left: "1 row left out",
        file: "File",
        take: "Take its columns",
        create: "Create and run",
        zone: "Time zone",
        key: "Key",
        number: "Row number",
        text: "Text of the file",
        to_fix: "schema.ron, 1 to fix",
        save: "Save and open",
    },
    FilesWords {
        language: Language::Zh,
        left_out: "不读取",
        would_read: "前 3 行中可读取 2 行",
        bad: "列 “when”：“soon”",
        no_value: "将 None 视为没有值",
        load: "载入请求",
        leave: "剔除这些记录",
        one_left: "已剔除 1 条记录",
        file: "文件",
        take: "读取其列",
        create: "创建并试运行",
        zone: "时区",
        key: "主键",
        number: "行号",
        text: "文件文本",
        to_fix: "schema.ron，1 处需修正",
        save: "保存并打开",
    },
];

fn window_on(files: &MemoryFiles, words: &FilesWords) -> Harness<'static, Window> {
    let mut session =
        Session::new(Arc::new(files.clone()), SessionOptions { workers: Workers::Inline, ..SessionOptions::default() });
    session.apply(Action::Prefer(PreferenceAction::TourSeen(true)));
    session.apply(Action::Prefer(PreferenceAction::Language(words.language)));
    let builder = Harness::builder().with_size(Vec2::new(1440.0, 900.0)).with_max_steps(16).with_context_setup(crate::gui::install);
    builder.build_ui_state(|ui, window: &mut Window| window.frame(ui), Window::on(session))
}

/// A file as the desktop drops it.
#[derive(Debug)]
struct Dropped(PathBuf);

impl DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Ok(Vec::new())
    }
}

fn drop_on(window: &mut Harness<'_, Window>, path: &str) {
    window.input_mut().dropped_files.push(Arc::new(Dropped(path.into())));
    window.run_steps(6);
}

pub(super) fn small() -> MemoryFiles {
    let files = MemoryFiles::new();
    files.put("small/schema.ron", SCHEMA);
    files.put("small/ruleset.ron", RULES);
    files.put("foreign.csv", FOREIGN);
    files
}

fn says(window: &Harness<'_, Window>, words: &str) -> bool {
    window.query_all_by_label_contains(words).next().is_some()
}

#[test]
fn a_foreign_file_dropped_on_the_window_is_mapped_and_loaded() {
    for words in &WORDS {
        let files = small();
        files.put("foreign.csv", FOREIGN.replace("A3", "None"));
        let mut window = window_on(&files, words);
        drop_on(&mut window, "small");
        assert!(window.state().session.document().is_editable(), "{:?}", window.state().session.findings());
        drop_on(&mut window, "foreign.csv");
        assert!(says(&window, words.left_out));
        let mapper = window.state().session.mapper().unwrap();
        let schema = &window.state().session.document().definition().schema;
        assert_eq!(mapper.field_of("amount_fen", schema).map(|name| name.to_string()).as_deref(), Some("request.amount"));
        assert!(mapper.field_of("when", schema).is_none(), "`soon` hides that it is a time");
        // Corrected as the two lists would: the serial is the key, `when` the time in its form.
        let name = |text: &str| Some(countersign_core::model::FieldName::new(text).unwrap());
        let time = countersign_requests::mapping::TimeFormat::Pattern("%Y/%m/%d %H:%M:%S".into());
        let how = countersign_requests::mapping::FieldMapping { time: Some(time), ..Default::default() };
        for action in [
            M::Assign { column: "serial".into(), field: name("request.id") },
            M::Assign { column: "when".into(), field: name("request.received_at") },
            M::How(name("request.received_at").unwrap(), Box::new(how)),
        ] {
            window.state_mut().session.apply(Action::Mapping(action));
        }
        window.run_steps(6);
        assert!(says(&window, words.would_read) && says(&window, words.bad));
        window.get_by_label(words.no_value).click();
        window.run_steps(6);
        assert_eq!(window.state().session.mapper().unwrap().mapping.missing, ["None"]);
        assert!(says(&window, words.would_read) && !says(&window, words.no_value));
        window.get_by_label(words.load).click();
        window.run_steps(6);
        assert!(window.state().session.requests().is_none(), "a row cannot be read: that is asked first");
        window.get_by_label(words.leave).click();
        window.run_steps(6);
        window.get_by_label(words.one_left);
        let session = &window.state().session;
        assert_eq!(session.requests().map(|requests| requests.table.len()), Some(2));
        assert!(session.document().dirty_files().contains("mappings/foreign.ron"));
    }
}

#[test]
fn an_empty_folder_becomes_a_workspace() {
    for words in &WORDS {
        let files = small();
        files.put("fresh/readme.txt", "to be filled");
        files.put("good.csv", FOREIGN.replace("A3;soon;1;new\n", ""));
        let mut window = window_on(&files, words);
        drop_on(&mut window, "fresh");
        assert!(window.state().session.new_workspace().is_some());
        window.get_by_role_and_label(Role::TextInput, words.file).focus();
        window.run_steps(3);
        window.get_by_role_and_label(Role::TextInput, words.file).type_text("good.csv");
        window.run_steps(3);
        window.get_by_label(words.take).click();
        window.run_steps(6);
        for (list, entry) in [(words.zone, "+09:00"), (words.key, words.number)] {
            window.get_by_role_and_label(Role::ComboBox, list).click();
            window.run_steps(3);
            // The offset may have to be scrolled to.
            window.get_all_by_label(entry).last().unwrap().click_accesskit();
            window.run_steps(3);
        }
        window.get_by_label(words.create).click();
        window.run_steps(8);
        let session = &window.state().session;
        assert!(session.document().is_editable() && session.document().is_dirty());
        assert_eq!(session.requests().map(|requests| requests.table.len()), Some(2), "{:?}", session.notices());
        assert!(session.impact().value.is_some());
        let schema = &session.document().draft().definition.schema;
        assert_eq!((schema.zone.to_string().as_str(), schema.roles.key.as_str()), ("+09:00", "request.row_number"));
        window.state_mut().session.apply(Action::File(FileAction::Save));
        window.run_steps(6);
        for made in ["ruleset.ron", "mappings/good.ron", ".gitattributes"] {
            assert!(files.exists(&Path::new("fresh").join(made)), "{made}");
        }
    }
}

#[test]
fn a_broken_workspace_is_mended_on_the_screen() {
    for words in &WORDS {
        let files = small();
        files.put("small/schema.ron", SCHEMA.replacen("roles:", "rolls:", 1));
        let mut window = window_on(&files, words);
        drop_on(&mut window, "small");
        window.get_by_label(words.to_fix);
        window.get_by_label(words.text).focus();
        window.run_steps(3);
        files.fail_commits_after(0);
        let mended = FileAction::EditText("schema.ron".into(), SCHEMA.to_owned());
        window.state_mut().session.apply(Action::File(mended));
        wait(&mut window);
        window.get_by_label(words.save).click();
        window.run_steps(6);
        let last = window.state().session.notices().last().map(|notice| notice.weight);
        assert_eq!(last, Some(Weight::Error), "it cannot be written");
        assert_eq!(window.state().session.document().raw_text("schema.ron"), Some(SCHEMA), "and nothing is lost");
        files.heal();
        window.get_by_label(words.save).click();
        window.run_steps(8);
        assert!(window.state().session.document().is_editable());
    }
}

#[test]
fn the_layout_and_what_was_open_are_there_the_next_time() {
    let files = small();
    let options = || SessionOptions { workers: Workers::Inline, settings: Some("settings".into()), ..SessionOptions::default() };
    let open = |files: &MemoryFiles| {
        let mut session = Session::new(Arc::new(files.clone()), options());
        session.apply(Action::Prefer(PreferenceAction::TourSeen(true)));
        let builder =
            Harness::builder().with_size(Vec2::new(1440.0, 900.0)).with_max_steps(16).with_context_setup(crate::gui::install);
        builder.build_ui_state(|ui, window: &mut Window| window.frame(ui), Window::on(session))
    };
    let mut window = open(&files);
    drop_on(&mut window, "small");
    window.get_by_label("Charts").click();
    window.run_steps(6);
    assert!(window.state().session.preferences().layout.contains("Charts"));
    drop(window);
    let mut window = open(&files);
    window.run_steps(4);
    window.get_by_label("Opened before");
    window.get_by_label("small").click();
    window.run_steps(6);
    assert!(window.state().session.document().is_editable());
    assert!(window.state().session.preferences().layout.contains("Charts"));
}

#[test]
fn a_broken_case_file_is_a_problem_whose_click_shows_its_text() {
    for words in &WORDS {
        let files = small();
        files.put("small/cases/broken.ron", "(format: 1, cases: [");
        let mut window = window_on(&files, words);
        drop_on(&mut window, "small");
        wait(&mut window);
        assert!(window.state().session.document().is_editable());
        let found = window.state().session.findings();
        let message = found.iter().find(|found| found.kind == RON_SYNTAX).unwrap().message.get(words.language).to_owned();
        window.get_by_label(&crate::gui::words::quoted(&message)).click();
        window.run_steps(6);
        assert_eq!(window.state().session.view().selection.file.as_deref(), Some("cases/broken.ron"));
        window.get_by_label(words.text);
        let mended = FileAction::EditText("cases/broken.ron".into(), "(format: 1)".into());
        window.state_mut().session.apply(Action::File(mended));
        wait(&mut window);
        window.get_by_label(words.save).click();
        window.run_steps(8);
        assert!(window.state().session.document().is_editable() && window.state().session.document().draft().unread.is_empty());
    }
}

#[test]
fn a_field_is_added_changed_named_otherwise_and_removed_in_its_form() {
    let files = small();
    let mut window = window_on(&files, &WORDS[0]);
    drop_on(&mut window, "small");
    let type_into = |window: &mut Harness<'_, Window>, label: &str, words: &str| {
        window.get_by_role_and_label(Role::TextInput, label).focus();
        window.run_steps(3);
        window.get_by_role_and_label(Role::TextInput, label).type_text(words);
        window.run_steps(3);
    };
    // The dialog is above the table of the same fields.
    let choose = |window: &mut Harness<'_, Window>, name: &str| {
        window.get_all_by_label(name).last().unwrap().click();
        window.run_steps(4);
    };
    window.get_by_label("Fields and reasons").click();
    window.run_steps(4);
    window.get_by_label("New field").click();
    window.run_steps(4);
    type_into(&mut window, "Name in scripts", "request.channel");
    type_into(&mut window, "Meaning (English)", "Channel");
    window.get_by_label("Identifies a person: shown masked").click();
    window.run_steps(3);
    window.get_by_label("Add").click();
    window.run_steps(4);
    let field = |window: &Harness<'_, Window>, name: &str| {
        window.state().session.document().definition().schema.find(name).map(|(_, field)| field.clone())
    };
    let made = field(&window, "request.channel").unwrap();
    assert!(made.personal && made.optional && made.text.en == "Channel");
    // Nobody may make the key optional: said in place, before anything is pressed.
    choose(&mut window, "request.id");
    window.get_by_role_and_label(Role::CheckBox, "May be missing").click();
    window.run_steps(4);
    assert!(says(&window, "never missing"));
    choose(&mut window, "request.channel");
    type_into(&mut window, "Name in scripts", "_in");
    window.get_by_label("Change").click();
    window.run_steps(4);
    assert!(field(&window, "request.channel").is_none() && field(&window, "request.channel_in").is_some());
    choose(&mut window, "request.channel_in");
    window.get_by_label("Remove").click();
    window.run_steps(4);
    assert!(field(&window, "request.channel_in").is_none());
    window.state_mut().session.apply(Action::Undo);
    window.run_steps(4);
    assert!(field(&window, "request.channel_in").is_some());
}
