//! A release's whole way through the window by what its buttons say: submitted, reviewed, approved, rejected, withdrawn, published,
//! compared, rolled back, and all of it in the journal.

use egui_kittest::kittest::By;

use super::*;
use countersign_core::model::{ParameterId, Scalar};
use countersign_session::fixture::{PASSPHRASE, keys};
use countersign_session::{ParameterAction, ReleaseRow, ReleaseStep, TextAction, views};

/// The window of one workspace with three people's keys.
struct ReleasesWindow {
    window: Harness<'static, Window>,
    files: MemoryFiles,
}

impl ReleasesWindow {
    fn new() -> Self {
        let files = MemoryFiles::new();
        put_shipped(&files);
        keys(&files);
        for name in files.all().keys().filter(|name| name.starts_with("rules/cases")) {
            // They pin every parameter, which change here.
            files.remove(name).unwrap();
        }
        let window = open(&files);
        Self { window, files }
    }

    /// The program is left and started again.
    fn restart(&mut self) {
        self.window = open(&self.files);
        press(&mut self.window, Modifiers::COMMAND, Key::R);
    }

    fn says(&self, words: &str) -> bool {
        self.window.query_all_by_label_contains(words).next().is_some()
    }

    #[track_caller]
    fn shows(&self, words: &str) {
        assert!(self.says(words), "`{words}` is not shown: {:?}", self.window.state().session.notices());
    }

    #[track_caller]
    fn go(&mut self, label: &str) {
        let found = self.window.query_all_by_label(label).next().is_some();
        assert!(found, "nothing is called `{label}`: {:?}", self.window.state().session.last_step());
        click(&mut self.window, label);
    }

    #[track_caller]
    fn value(&self, role: Role, label: &str) -> Option<String> {
        let session = &self.window.state().session;
        let why = |row: &ReleaseRow| ReleaseStep::ALL.map(|step| (step, session.why_step_refused(row, step).map(|why| why.en)));
        let found = self.window.query_all(By::new().role(role).label(label)).next();
        let why_not = || (session.selected_release().map(|row| why(row)), session.last_step());
        found.unwrap_or_else(|| panic!("no field `{label}`: {:?}", why_not())).value()
    }

    #[track_caller]
    fn write(&mut self, role: Role, label: &str, words: &str) {
        self.value(role, label);
        self.window.get_by_role_and_label(role, label).focus();
        self.window.run_steps(2);
        press(&mut self.window, Modifiers::COMMAND, Key::A);
        press(&mut self.window, Modifiers::NONE, Key::Delete);
        self.window.event(Event::Text(words.to_owned()));
        self.window.run_steps(3);
    }

    fn be(&mut self, name: &str) {
        self.write(Role::TextInput, "You are", &format!("{name}@bank.example"));
    }

    /// Looks at the release whose line begins so: its version, and where it is on its way.
    #[track_caller]
    fn choose(&mut self, start: &str) {
        let line = self.window.query_all(By::new().role(Role::ListBoxOption).label_contains(start)).next();
        line.unwrap_or_else(|| panic!("no release `{start}`")).click();
        self.window.run_steps(6);
    }

    /// Changes a parameter, answers for what flips, and exports a version.
    fn export(&mut self, version: &str, cards: i64) {
        let id = ParameterId::new("max_cards_per_mobile").unwrap();
        let session = &mut self.window.state_mut().session;
        session.apply(Action::Parameter(ParameterAction::Set(id, Scalar::from(cards))));
        session.apply(Action::Text(TextAction::SetVersion(version.to_owned())));
        wait(&mut self.window);
        for group in views::impact::groups(&self.window.state().session) {
            self.window.state_mut().session.apply(Action::Acknowledge { group: group.key, yes: true });
        }
        press(&mut self.window, Modifiers::COMMAND, Key::E);
        press(&mut self.window, Modifiers::NONE, Key::Enter);
        self.shows("Exported, and read back as a gateway reads it");
        self.go("Done");
        press(&mut self.window, Modifiers::COMMAND, Key::R);
        self.choose(&format!("{version}: Draft"));
    }

    /// Signs with somebody's key file; a wrong passphrase first says so and loses nothing.
    fn sign(&mut self, name: &str, (step, confirm): (&str, &str)) {
        self.go(step);
        self.write(Role::TextInput, "Key file", &format!("keys/{name}"));
        press(&mut self.window, Modifiers::NONE, Key::Tab);
        self.shows(&format!("{name}@bank.example"));
        self.write(Role::PasswordInput, "Passphrase", "sesame");
        self.go(confirm);
        self.shows("the passphrase is wrong");
        self.write(Role::PasswordInput, "Passphrase", PASSPHRASE);
        press(&mut self.window, Modifiers::NONE, Key::Enter);
        self.go("Done");
    }

    /// Submitted and approved by two.
    fn approved(&mut self) {
        for (name, step) in [
            ("li", ("Submit…", "Sign and submit")),
            ("wang", ("Approve…", "Sign and approve")),
            ("zhao", ("Approve…", "Sign and approve")),
        ] {
            self.be(name);
            self.sign(name, step);
        }
    }

    /// Chooses somebody's key file and types its passphrase.
    fn key(&mut self, name: &str) {
        self.write(Role::TextInput, "Key file", &format!("keys/{name}"));
        press(&mut self.window, Modifiers::NONE, Key::Tab);
        self.write(Role::PasswordInput, "Passphrase", PASSPHRASE);
    }

    fn ends(&mut self, step: &str, why: &str, confirm: &str) {
        self.go(step);
        self.write(Role::TextInput, "Why", why);
        self.go(confirm);
        self.go("Done");
    }

    fn journal(&self) -> Vec<(&'static str, String, String)> {
        let all = self.window.state().session.releases().value.unwrap();
        let line = |line: &countersign_workspace::journal::JournalLine| {
            let record = &line.record;
            (record.what.text().en, record.version.clone(), record.comment.clone())
        };
        all.journal.lines.iter().map(line).collect()
    }
}

fn open(files: &MemoryFiles) -> Harness<'static, Window> {
    let options = SessionOptions { settings: Some("settings".into()), workers: Workers::Inline, ..SessionOptions::default() };
    let mut session = Session::new(Arc::new(files.clone()), options);
    session.apply(Action::Prefer(PreferenceAction::TourSeen(true)));
    session.apply(Action::File(FileAction::OpenWorkspace("rules".into())));
    session.apply(Action::File(FileAction::OpenRequests { path: REQUESTS.into(), mapping: None }));
    show(session)
}

#[test]
fn a_release_goes_its_whole_way_through_the_window() {
    let mut desk = ReleasesWindow::new();
    press(&mut desk.window, Modifiers::COMMAND, Key::R);
    desk.shows("No release yet");
    desk.be("li");
    desk.go("Back to the rules");

    // The first one: everything is new, the maker cannot approve it, and two others do.
    desk.export("spring", 6);
    desk.shows("nothing was released before");
    desk.shows("The workspace has no cases");
    desk.approved();
    desk.shows("spring: Approved, li@bank.example, 2 of 2");
    desk.go("Publish…");
    desk.write(Role::TextInput, "Gateway's file", "gateway.ron");
    desk.go("Make it live");
    desk.go("Done");
    desk.shows("spring: Live");
    assert_eq!(
        desk.files.read(Path::new("gateway.ron"), 1 << 24).unwrap(),
        desk.files.read(Path::new("rules/released/spring.ron"), 1 << 24).unwrap()
    );

    // The next is reviewed down to single requests, and sent back with a comment; the one after is withdrawn.
    desk.be("li");
    desk.go("Back to the rules");
    desk.export("summer", 1);
    desk.shows("against spring");
    let review = desk.window.state().session.review().value.cloned().unwrap();
    let impact = &review.flips.as_ref().unwrap().impact;
    let group = views::impact::group_rows(impact, &std::collections::BTreeMap::new()).remove(0);
    desk.go(&group.title.en);
    desk.shows(&format!("{} flips", views::figures::count(group.sums.requests)));
    desk.shows("Reasons before → now");
    desk.go("Close the list of flips");
    assert!(!desk.says("Reasons before → now"));
    desk.sign("li", ("Submit…", "Sign and submit"));
    desk.be("wang");
    desk.ends("Reject…", "one card is too few", "Reject it");
    desk.shows("summer: Rejected");
    desk.shows("“one card is too few”");
    desk.be("li");
    desk.go("Back to the rules");
    desk.export("autumn", 3);
    desk.ends("Withdraw…", "not this year", "Withdraw it");
    desk.shows("autumn: Withdrawn");

    // What is published where is known after a restart.
    desk.go("Back to the rules");
    desk.export("winter", 4);
    desk.approved();
    press(&mut desk.window, Modifiers::COMMAND, Key::S);
    desk.restart();
    desk.choose("winter: Approved");
    desk.go("Publish…");
    assert_eq!(desk.value(Role::TextInput, "Gateway's file").as_deref(), Some("gateway.ron"));
    desk.go("Make it live");
    desk.go("Done");
    desk.shows("winter: Live");
    desk.shows("spring: Superseded");

    // Any two are compared, and the old one comes back as a new release.
    desk.choose("spring: Superseded");
    desk.window.get_by_role_and_label(Role::ComboBox, "Compare with").click();
    desk.window.run_steps(4);
    desk.go("summer");
    desk.shows("against summer");
    desk.be("li");
    desk.ends("Roll back to this…", "the summer was fine", "Make the new release");
    desk.shows("returns to spring");
    desk.approved();
    desk.go("Publish…");
    desk.go("Make it live");
    desk.go("Done");
    desk.shows("spring: Live");
    desk.shows("winter: Superseded");

    in_the_journal(&mut desk);
}

#[test]
fn where_the_policy_asks_for_signed_entries_every_step_takes_a_key() {
    let mut desk = ReleasesWindow::new();
    desk.files.put("rules/approvals.ron", "(format: 1, approvals: 1, release_format: 2, signed_journal: true)");
    desk.window = open(&desk.files);
    press(&mut desk.window, Modifiers::COMMAND, Key::R);
    desk.be("li");
    desk.go("Back to the rules");
    desk.window.state_mut().session.apply(Action::Text(TextAction::SetVersion("spring".to_owned())));
    wait(&mut desk.window);
    press(&mut desk.window, Modifiers::COMMAND, Key::E);
    desk.key("wang");
    desk.shows("The key is not listed for li@bank.example, who makes the release");
    desk.key("li");
    desk.go("Export");
    desk.shows("Exported, and read back as a gateway reads it");
    desk.go("Done");
    press(&mut desk.window, Modifiers::COMMAND, Key::R);
    desk.choose("spring: Draft");
    desk.be("zhao");
    desk.go("Withdraw…");
    desk.write(Role::TextInput, "Why", "not now");
    desk.key("zhao");
    desk.go("Withdraw it");
    desk.go("Done");
    desk.shows("spring: Withdrawn");
    let journal = &desk.window.state().session.releases().value.unwrap().journal;
    let signed: Vec<_> = journal.lines.iter().map(|line| (line.record.what.word(), line.record.signature.is_empty())).collect();
    assert_eq!(signed, [("created", false), ("withdrawn", false)]);
    press(&mut desk.window, Modifiers::COMMAND, Key::J);
    desk.shows("Signed");
}

fn in_the_journal(desk: &mut ReleasesWindow) {
    let one = |version: &'static str, made: &'static str| {
        let signed = ["submitted", "approved", "approved", "publishing", "published"].map(|what| (what, version, ""));
        std::iter::once(("created", version, made)).chain(signed)
    };
    let ended = [
        ("created", "summer", ""),
        ("submitted", "summer", ""),
        ("rejected", "summer", "one card is too few"),
        ("created", "autumn", ""),
        ("withdrawn", "autumn", "not this year"),
    ];
    let wanted = one("spring", "").chain(ended).chain(one("winter", "")).chain(one("spring", "the summer was fine"));
    let wanted: Vec<_> = wanted.map(|(what, version, comment)| (what, version.to_owned(), comment.to_owned())).collect();
    assert_eq!(desk.journal(), wanted);
    press(&mut desk.window, Modifiers::COMMAND, Key::J);
    desk.shows("The chain holds");
    desk.shows(&format!("{} entries", wanted.len()));
    desk.write(Role::TextInput, "Who", "zhao");
    desk.shows(&format!("9 of {} entries", wanted.len()));
    desk.write(Role::TextInput, "Who", "");
    desk.write(Role::TextInput, "Version or digest", "summer");
    desk.shows(&format!("3 of {} entries", wanted.len()));
    for (button, file, lines) in [("CSV", "journal.csv", 4), ("JSON", "journal.json", 0)] {
        desk.go(button);
        desk.go("Write");
        let text = String::from_utf8(desk.files.read(Path::new(file), 1 << 20).unwrap()).unwrap();
        assert!(text.contains("one card is too few") && !text.contains("not this year"), "{text}");
        assert!(lines == 0 || text.lines().count() == lines, "{text}");
    }
}
