//! A request file of which rows cannot be read: asked about, left out, seen everywhere, answered for before a release, asked about again.

use super::*;
use countersign_session::readiness;

/// A file with bad rows that lies beside the shipped requests.
pub(super) const BAD: &str = "bad.csv";

/// The first of the shipped requests, so many of which have an operation that nobody knows.
pub(super) fn with_bad_rows(files: &MemoryFiles, bad: usize) -> String {
    let text = String::from_utf8(files.read(Path::new(REQUESTS), 1 << 28).unwrap()).unwrap();
    text.replacen(",SIGN,", ",SIGNN,", bad)
}

/// The texts in one language.
struct Words {
    language: Language,
    title: &'static str,
    unread: &'static str,
    all: &'static str,
    reason: &'static str,
    row: &'static str,
    fix: &'static str,
    leave: &'static str,
    cancel: &'static str,
    bar: &'static str,
    answer: &'static str,
    close: &'static str,
}

const WORDS: [Words; 2] = [
    Words {
        language: Language::En,
        title: "Rows of bad.csv that cannot be read",
        unread: "3 of 400 rows cannot be read",
        all: "3 of 400 rows were left out and not decided",
        reason: "“request.operation”: the text is not a value of the field",
        row: "“bad.csv”, row 3, line 4, column “request.operation”: “SIGNN”",
        fix: "Fix the mapping…",
        leave: "Leave them out",
        cancel: "Cancel",
        bar: "3 rows left out",
        answer: "I looked at these rows and take responsibility for a release without them",
        close: "Close",
    },
    Words {
        language: Language::Zh,
        title: "bad.csv 中无法读取的记录",
        unread: "400 条记录中有 3 条无法读取",
        all: "400 条记录中剔除了 3 条，未作决策",
        reason: "“request.operation”：内容不是该字段的有效取值",
        row: "“bad.csv” 第 3 条记录（第 4 行文本），列 “request.operation”：“SIGNN”",
        fix: "修改映射…",
        leave: "剔除这些记录",
        cancel: "取消",
        bar: "已剔除 3 条记录",
        answer: "我已查看这些记录，并对不含这些记录的发布负责",
        close: "关闭",
    },
];

struct LeftOutWindow {
    window: Harness<'static, Window>,
    files: MemoryFiles,
}

impl LeftOutWindow {
    fn new(language: Language) -> Self {
        let files = MemoryFiles::new();
        let mut window = window_on(&files, true);
        window.state_mut().session.apply(Action::Prefer(PreferenceAction::Language(language)));
        let mut desk = Self { window, files };
        desk.open(3);
        desk
    }

    /// Opens the file with so many bad rows.
    fn open(&mut self, bad: usize) {
        self.files.put(BAD, with_bad_rows(&self.files, bad));
        self.window.state_mut().session.apply(Action::File(FileAction::OpenRequests { path: BAD.into(), mapping: None }));
        self.window.run_steps(6);
    }

    fn says(&self, words: &str) -> bool {
        self.window.query_all_by_label_contains(words).next().is_some()
    }

    fn press(&mut self, label: &str) {
        self.window.get_by_role_and_label(Role::Button, label).click();
        self.window.run_steps(6);
    }

    fn loaded(&self) -> (String, usize) {
        self.window.state().session.requests().map(|requests| (requests.name.clone(), requests.table.len())).unwrap()
    }
}

#[test]
fn rows_that_cannot_be_read_are_asked_about_before_the_file_is_taken() {
    for words in &WORDS {
        let mut desk = LeftOutWindow::new(words.language);
        for said in [words.title, words.unread, words.reason, words.row, "100.0 %"] {
            assert!(desk.says(said), "{said}");
        }
        assert_eq!(desk.loaded(), (REQUESTS.to_owned(), 400), "nothing is taken unasked");
        desk.press(words.cancel);
        assert!(!desk.says(words.title) && desk.loaded().0 == REQUESTS);
        desk.open(3);
        press(&mut desk.window, Modifiers::NONE, Key::Escape);
        assert!(!desk.says(words.title) && desk.loaded().0 == REQUESTS, "Escape takes nothing");
        desk.open(3);
        desk.press(words.leave);
        assert_eq!(desk.loaded(), (BAD.to_owned(), 397));
        desk.open(3);
        assert!(!desk.says(words.title), "the same rows are not asked about twice");
        desk.open(4);
        assert!(desk.says(words.title), "one row more is asked about");
        assert_eq!(desk.loaded().1, 397);
        desk.press(words.fix);
        let session = &desk.window.state().session;
        assert!(session.partly_read().is_none() && session.mapper().is_some_and(|mapper| mapper.path == Path::new(BAD)));
    }
}

#[test]
fn rows_left_out_stay_in_the_status_bar_and_are_answered_for_before_a_release() {
    for words in &WORDS {
        let mut desk = LeftOutWindow::new(words.language);
        desk.press(words.leave);
        let open = |desk: &LeftOutWindow| {
            let all = readiness(&desk.window.state().session).obstacles;
            all.iter().any(|obstacle| obstacle.blocks && obstacle.text.get(words.language).contains(words.all))
        };
        assert!(open(&desk), "a release without these rows needs an answer");
        desk.press(words.bar);
        assert!(desk.says(words.title) && desk.says(words.reason));
        desk.window.get_by_label(words.answer).click();
        desk.window.run_steps(4);
        desk.press(words.close);
        assert!(!open(&desk) && !desk.says(words.title));
        desk.open(0);
        assert!(!desk.says(words.bar), "every row of another file was read");
    }
}
