//! For the tests of the session and the window: the shipped workspace in memory, and one with releases at every step of their way.

use std::path::PathBuf;
use std::process::Command as Process;
use std::sync::Arc;
use std::time::Duration;

use countersign_core::model::{Moment, ParameterId, Scalar, Status};
use countersign_core::release::Digest;
pub use countersign_workspace::fixture::SAMPLE;
use countersign_workspace::fixture::{first_requests, shipped_rules};
use countersign_workspace::journal::ReleaseState;
use countersign_workspace::{DiskFiles, Files, MemoryFiles};
use zeroize::Zeroizing;

use crate::{
    Action, FileAction, KeyChoice, ParameterAction, Passphrase, PreferenceAction, ReleaseAction, ReleaseStep, Session,
    SessionOptions, SigningRequest, TextAction, Workers, views,
};

/// The shipped workspace in memory, and the first of the shipped requests.
pub fn shipped() -> MemoryFiles {
    let files = shipped_rules();
    files.put(SAMPLE, first_requests(1_000));
    files
}

/// A session with the shipped workspace open; `requests` are loaded too where wanted.
pub fn open(files: &MemoryFiles, requests: bool) -> Session {
    let options = SessionOptions { workers: Workers::Inline, record: true, ..SessionOptions::default() };
    let mut session = Session::new(Arc::new(files.clone()), options);
    session.apply(Action::File(FileAction::OpenWorkspace("rules".into())));
    session.tick(Duration::ZERO);
    if requests {
        let path = SAMPLE.into();
        session.apply(Action::File(FileAction::OpenRequests { path, mapping: None }));
        session.tick(Duration::ZERO);
    }
    assert_eq!(session.notices(), []);
    session
}

const POLICY: &str = r#"(
    format: 1,
    approvals: 2,
    roles: [
        (id: "risk", title: (en: "Head-office risk", zh: "总行风险"), principals: ["wang@bank.example", "li@bank.example"]),
        (id: "it", title: (en: "IT", zh: "信息科技"), principals: ["zhao@bank.example", "wang@bank.example"]),
    ],
    needs: [(change: Stage("limits"), role: "risk"), (change: Anything, role: "it")],
)
"#;
pub const PASSPHRASE: &str = "open sesame";

/// A session on the shipped workspace with a policy and keys for three people.
pub struct Desk {
    pub files: MemoryFiles,
    pub session: Session,
    now: u64,
}

/// Everybody's keys, made once.
pub fn keys(files: &MemoryFiles) {
    let folder = tempfile::tempdir().unwrap();
    let mut signers = String::new();
    for name in ["li", "wang", "zhao"] {
        let path = folder.path().join(name);
        let args = ["-q", "-t", "ed25519", "-a", "1", "-N", PASSPHRASE, "-C", name, "-f"];
        assert!(Process::new("ssh-keygen").args(args).arg(&path).status().unwrap().success());
        files.put(format!("keys/{name}"), DiskFiles.read(&path, 1 << 20).unwrap());
        let public = String::from_utf8(DiskFiles.read(&path.with_extension("pub"), 1 << 20).unwrap()).unwrap();
        signers += &[name, "@bank.example namespaces=\"countersign-release,countersign-journal,countersign-revocation\" ", &public]
            .concat();
    }
    files.put("rules/allowed_signers", signers);
    files.put("rules/approvals.ron", POLICY);
}

impl Desk {
    pub fn new() -> Self {
        let files = shipped();
        keys(&files);
        for name in files.all().keys().filter(|name| name.starts_with("rules/cases")) {
            // They pin every parameter, which change here.
            files.remove(name).unwrap();
        }
        let options = SessionOptions { workers: Workers::Inline, record: true, agent: None, ..SessionOptions::default() };
        let session = Session::new(Arc::new(files.clone()), options);
        let mut desk = Self { files, session, now: 0 };
        desk.act(Action::File(FileAction::OpenWorkspace("rules".into())));
        desk.act(Action::File(FileAction::OpenRequests { path: SAMPLE.into(), mapping: None }));
        desk.act(Action::Release(ReleaseAction::Watch(true)));
        assert_eq!(desk.session.notices(), []);
        desk
    }

    pub fn act(&mut self, action: Action) {
        self.session.apply(action);
        self.wait();
    }

    /// Lets ten seconds go by.
    pub fn wait(&mut self) {
        self.now += 10;
        self.session.tick(Duration::from_secs(self.now));
    }

    pub fn is(&mut self, name: &str) {
        self.act(Action::Prefer(PreferenceAction::Maker(format!("{name}@bank.example"))));
    }

    /// A moment later with every step.
    pub fn at(&mut self) -> Moment {
        self.now += 60;
        Moment::try_from(format!("2014-03-20T{:02}:{:02}:00+08:00", 9 + self.now / 3_600, self.now / 60 % 60)).unwrap()
    }

    /// Changes a parameter, acknowledges what flips, and exports a version as Li.
    pub fn export(&mut self, version: &str, cards: i64) -> Digest {
        self.is("li");
        let id = ParameterId::new("max_cards_per_mobile").unwrap();
        self.act(Action::Parameter(ParameterAction::Set(id, Scalar::from(cards))));
        self.act(Action::Text(TextAction::SetVersion(version.to_owned())));
        for group in views::impact::groups(&self.session) {
            self.act(Action::Acknowledge { group: group.key, yes: true });
        }
        let created_at = self.at();
        self.act(Action::File(FileAction::Export { path: None, comment: "meant".to_owned(), created_at }));
        let made = self.session.exported_release().filter(|made| made.version == version);
        made.unwrap_or_else(|| panic!("{:?}", self.session.notices())).digest
    }

    pub fn signing(&mut self, name: &str, release: Digest, role: Option<&str>) -> SigningRequest {
        let passphrase = Passphrase(Zeroizing::new(PASSPHRASE.to_owned()));
        SigningRequest {
            release,
            role: role.map(str::to_owned),
            step: if role.is_none() { ReleaseStep::Submit } else { ReleaseStep::Approve },
            to: None,
            key: KeyChoice::File(format!("keys/{name}").into(), passphrase),
            principal: format!("{name}@bank.example"),
            comment: String::new(),
            at: self.at(),
            rule: None,
        }
    }

    pub fn sign(&mut self, name: &str, release: Digest, role: Option<&str>) -> Result<(), String> {
        let signing = self.signing(name, release, role);
        self.session.sign(signing);
        self.wait();
        self.tried()
    }

    pub fn tried(&self) -> Result<(), String> {
        let outcome = self.session.last_step().and_then(|tried| tried.outcome.clone()).unwrap();
        outcome.map(drop).map_err(|findings| findings.iter().map(|finding| finding.message.en.clone() + "\n").collect())
    }

    pub fn take(&mut self, name: &str, step: ReleaseStep, release: Digest) -> Result<(), String> {
        self.is(name);
        let at = self.at();
        let to = (step == ReleaseStep::Publish).then(|| PathBuf::from("gateway.ron"));
        let live = self.session.published().filter(|_| step == ReleaseStep::SwitchOff);
        let active = live.and_then(|(_, live)| live.definition().rule_set.rules().find(|(.., rule)| rule.status == Status::Active));
        let rule = active.map(|(.., rule)| rule.id.clone());
        self.act(Action::Release(ReleaseAction::Take { step, release, comment: "so it is".to_owned(), at, to, rule }));
        self.tried()
    }

    pub fn state(&self, release: Digest) -> ReleaseState {
        self.session.releases().value.unwrap().row(release).unwrap().state
    }

    pub fn why_not(&self, release: Digest, step: ReleaseStep) -> Option<String> {
        let row = self.session.releases().value.unwrap().row(release).unwrap();
        self.session.why_step_refused(row, step).map(|why| why.en)
    }
}

/// A workspace whose releases are at every step of their way: superseded, live, rejected, withdrawn, submitted with one approval, and a
/// draft that flips requests.
pub fn released() -> MemoryFiles {
    let mut desk = Desk::new();
    let approved = [("li", None), ("wang", Some("risk")), ("zhao", Some("it"))];
    for (version, cards) in [("2014.03.24", 6), ("2014.03.25", 5)] {
        let release = desk.export(version, cards);
        for (name, role) in approved {
            desk.sign(name, release, role).unwrap();
        }
        desk.take("zhao", ReleaseStep::Publish, release).unwrap();
    }
    let rejected = desk.export("2014.03.26", 1);
    desk.sign("li", rejected, None).unwrap();
    desk.take("wang", ReleaseStep::Reject, rejected).unwrap();
    let withdrawn = desk.export("2014.03.27", 4);
    desk.take("li", ReleaseStep::Withdraw, withdrawn).unwrap();
    let submitted = desk.export("2014.03.28", 3);
    for (name, role) in approved.into_iter().take(2) {
        desk.sign(name, submitted, role).unwrap();
    }
    desk.export("2014.03.29", 2);
    desk.act(Action::File(FileAction::Save));
    desk.files
}
