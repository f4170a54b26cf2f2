//! Which step may be taken next, and why another may not: said before anybody looks for a key.

use super::{ReleaseRow, ReleaseStep, Session};
use countersign_core::release::is_principal;
use countersign_core::text::LocalText;
use countersign_workspace::journal::ReleaseState;

impl Session {
    /// Why a step cannot be taken with a release now; none when it can be tried.
    pub fn why_step_refused(&self, row: &ReleaseRow, step: ReleaseStep) -> Option<LocalText> {
        let all = self.releases.list()?;
        if !all.journal.holds() {
            let (en, zh) =
                ("the journal does not hold: see Journal, and restore it first", "审计日志不完整：请查看“审计日志”并先恢复");
            return Some(LocalText::new(en, zh));
        }
        if all.requirements.is_err() && matches!(step, ReleaseStep::Submit | ReleaseStep::Approve | ReleaseStep::Publish) {
            let (en, zh) = ("the approval policy or the list of signers cannot be read", "无法读取审批策略或签名人名单");
            return Some(LocalText::new(en, zh));
        }
        of_state(row, step).or_else(|| self.of_person(row, step)).or_else(|| open(row, step))
    }

    fn of_person(&self, row: &ReleaseRow, step: ReleaseStep) -> Option<LocalText> {
        let me = &self.preferences().maker;
        if step.needs_key() && me.is_empty() {
            return None;
        }
        if !is_principal(me) {
            return Some(LocalText::new("say who you are first: your name above the list", "请先在列表上方填写您的姓名"));
        }
        let maker = &row.provenance.maker;
        let policy = self.releases.list().and_then(|all| all.requirements.as_ref().ok()).map(|asked| &asked.policy);
        match step {
            ReleaseStep::Revoke if policy.is_some_and(|policy| !policy.may_revoke(me)) => {
                Some(LocalText::new("the policy does not let you revoke", "审批策略未授予您撤销权限"))
            }
            ReleaseStep::Publish if policy.is_some_and(|policy| !policy.may_publish(me)) => {
                Some(LocalText::new("the policy does not name you among those who publish", "审批策略未授予您上线权限"))
            }
            ReleaseStep::RollBack | ReleaseStep::SwitchOff if self.requests().is_none() => Some(LocalText::new(
                "open a request file first: the flips against the live release are counted on it",
                "请先打开请求文件：与生效版本的决策改变以其统计",
            )),
            ReleaseStep::Submit if me != maker => {
                Some(LocalText::new(format!("only its maker submits it: {maker}"), format!("只有经办人 {maker} 可以提交")))
            }
            ReleaseStep::Approve if me == maker => {
                Some(LocalText::new("you made this release: somebody else must approve it", "该发布由您经办：须由其他人审批"))
            }
            ReleaseStep::Approve if row.checkers().any(|approval| approval.principal == *me) => {
                Some(LocalText::new("you have approved it already", "您已审批该发布"))
            }
            _ => None,
        }
    }
}

/// What its state does not allow.
fn of_state(row: &ReleaseRow, step: ReleaseStep) -> Option<LocalText> {
    if step == ReleaseStep::RollBack {
        let is_old = matches!(row.state, ReleaseState::Superseded | ReleaseState::Withdrawn | ReleaseState::Live);
        let is_live = row.state == ReleaseState::Live;
        let (en, zh) = if is_live {
            ("it is live: choose an older release to return to", "该发布为生效版本：请选择要回退到的旧发布")
        } else {
            ("only a release that was live is returned to", "只能回退到曾经上线的发布")
        };
        return (is_live || !is_old).then(|| LocalText::new(en, zh));
    }
    if step == ReleaseStep::SwitchOff {
        let (en, zh) = ("only rules of the live release are switched off at once", "只能紧急停用生效版本中的规则");
        return (row.state != ReleaseState::Live).then(|| LocalText::new(en, zh));
    }
    if step == ReleaseStep::Revoke {
        let (en, zh) = ("nobody was asked to approve it yet: no gateway loads it", "尚未提交审批，网关不会加载");
        return (row.state == ReleaseState::Draft).then(|| LocalText::new(en, zh));
    }
    if step == ReleaseStep::Publish && row.state == ReleaseState::Live {
        return Some(LocalText::new("it is live already", "该发布已是生效版本"));
    }
    let noted = step.noted()?;
    let (state, done) = (row.state.text(), noted.text());
    (!row.state.allows(noted)).then(|| {
        LocalText::new(
            format!("the release is {}: it cannot be {}", state.en, done.en),
            format!("该发布处于“{}”状态，不能执行“{}”", state.zh, done.zh),
        )
    })
}

/// What the policy still asks before a release goes live.
fn open(row: &ReleaseRow, step: ReleaseStep) -> Option<LocalText> {
    let first = row.open.first().filter(|_| step == ReleaseStep::Publish)?;
    Some(first.message.clone())
}
