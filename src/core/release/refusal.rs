//! Why a release, its signers or its policy are refused.

use crate::diagnostic::{Finding, FindingKind, Help};
use crate::text::{LocalText, Span};

crate::finding_kinds! {
    SIZE = Error "release-size";
    ENCODING = Error "release-encoding";
    FORMAT = Error "release-format";
    TRUNCATED = Error "release-truncated";
    TRAILING = Error "release-trailing";
    UNKNOWN_FIELD = Error "release-unknown-field";
    MISSING_FIELD = Error "release-missing-field";
    DUPLICATE = Error "release-duplicate";
    SYNTAX = Error "release-syntax";
    ALTERED = Error "release-altered";
    DIGEST = Error "release-digest";
    ENGINE = Error "release-engine";
    VALUE = Error "release-value";
    LIST = Error "release-list";
    APPROVAL = Error "release-approval";
    TOO_FEW = Error "release-too-few-approvals";
    SUBMISSION = Error "release-submission";
    OWN_APPROVAL = Error "release-own-approval";
    SIGNATURE = Error "release-signature";
    NAMESPACE = Error "release-namespace";
    UNTRUSTED = Error "release-untrusted";
    EXPIRED = Error "release-expired-key";
    ROLE = Error "release-role";
    UNVERIFIABLE = Error "release-unverifiable";
    FLIPS = Error "release-flips";
    SET_ASIDE = Error "release-set-aside";
    BASE = Error "release-base";
    CLOCK = Error "release-clock";
    ENDED = Error "release-ended";
    OLDER = Error "release-older";
    REVOKED = Error "release-revoked";
    REVOKED_KEY = Error "release-revoked-key";
    REVOCATIONS = Error "revocation-list";
    STATE = Error "gateway-state";
    KEEP = Error "gateway-keep";
    SCRIPT = Error "release-script";
    EVIDENCE = Error "release-evidence";
    SIGNERS = Error "allowed-signers";
    SIGNERS_OPTION = Error "allowed-signers-option";
    SIGNERS_KEY = Error "allowed-signers-key";
    SIGNERS_AUTHORITY = Error "allowed-signers-authority";
    POLICY = Error "approval-policy";
    PUBLISHER = Error "release-publisher";
    SWITCH_OFF = Error "release-switch-off";
}

/// A finding of a release: an error with help.
pub(crate) fn refuse(
    kind: &'static FindingKind,
    span: impl Into<Option<Span>>,
    message: LocalText,
    help: impl Into<Help>,
) -> Finding {
    Finding::new(kind, span, message).with_help(help)
}

/// The help for whatever was done to a file after its export.
pub(super) fn export_again() -> LocalText {
    LocalText::new(
        "a release is never edited: change the workspace, export it again, and copy the file without any conversion",
        "发布文件不可编辑：请修改工作区后重新导出，并在复制文件时不做任何转换",
    )
}
