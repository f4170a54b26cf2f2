//! What `release verify --evidence` needs and was not given: said before the requests are read, instead of everything that then differs.

use std::path::Path;

use super::args::Verify;
use super::request_file::{Wanted, mapping_place};
use crate::cli::kinds::{NO_WORKSPACE, OTHER_MAPPING};
use countersign_core::diagnostic::Finding;
use countersign_core::release::{Digest, Release};
use countersign_core::text::LocalText;
use countersign_workspace::{Files, LARGEST_RON, MAPPINGS_FOLDER, RULE_SET_FILE, SCHEMA_FILE};

/// The first thing that is missing; none where the evidence can be computed again.
pub fn missing(args: &Verify, wanted: &Wanted<'_>, release: &Release, files: &dyn Files) -> Option<Finding> {
    no_workspace(&args.workspace, files).or_else(|| other_mapping(args, wanted, release, files))
}

fn no_workspace(root: &Path, files: &dyn Files) -> Option<Finding> {
    let folder = root.display();
    let message = if files.list(root).is_err() {
        LocalText::new(
            format!("the evidence counts the cases of a workspace, and there is no folder `{folder}`"),
            format!("依据需要统计工作区的用例，但没有文件夹 `{folder}`"),
        )
    } else {
        let file = [SCHEMA_FILE, RULE_SET_FILE].into_iter().find(|file| !files.exists(&root.join(file)))?;
        LocalText::new(
            format!("the evidence counts the cases of a workspace, and `{folder}` is none: it has no `{file}`"),
            format!("依据需要统计工作区的用例，但 `{folder}` 不是工作区：其中没有 `{file}`"),
        )
    };
    let help = LocalText::new(
        "give the folder of the workspace that the release was made from: `--workspace FOLDER`",
        "请指定生成该发布的工作区文件夹：`--workspace 文件夹`",
    );
    Some(Finding::new(NO_WORKSPACE, None, message).with_help(help))
}

/// A mapping that is not the one of the evidence. One that cannot be read is left to whoever reads it.
fn other_mapping(args: &Verify, wanted: &Wanted<'_>, release: &Release, files: &dyn Files) -> Option<Finding> {
    let stated = release.evidence().samples.first()?.mapping;
    let given = match wanted.mapping {
        None => None,
        Some(name) => {
            let (folder, file) = mapping_place(name, Some(&args.workspace), files);
            Some((name, Digest::of(&files.read(&folder.join(file), LARGEST_RON).ok()?)))
        }
    };
    let message = match (stated, given) {
        (Some(stated), None) => LocalText::new(
            format!("the release was made with the mapping {stated}, and no mapping is given"),
            format!("该发布使用列映射 {stated} 生成，但未指定列映射"),
        ),
        (Some(stated), Some((name, digest))) if digest != stated => LocalText::new(
            format!("the release was made with the mapping {stated}, and `{name}` is {digest}"),
            format!("该发布使用列映射 {stated} 生成，而 `{name}` 为 {digest}"),
        ),
        (None, Some((name, _))) => LocalText::new(
            format!("the release was made without a mapping, and `{name}` is given"),
            format!("该发布生成时未使用列映射，但指定了 `{name}`"),
        ),
        _ => return None,
    };
    let help = match stated {
        None => LocalText::new("leave out `--mapping`", "请去掉 `--mapping`"),
        Some(stated) => match named(&args.workspace, stated, files) {
            Some(name) => LocalText::new(format!("give it as `--mapping {name}`"), format!("请指定 `--mapping {name}`")),
            None => LocalText::new(
                format!("`{}` has none of this digest: give its file as `--mapping FILE`", args.workspace.display()),
                format!("`{}` 中没有该摘要的列映射：请用 `--mapping 文件` 指定其文件", args.workspace.display()),
            ),
        },
    };
    Some(Finding::new(OTHER_MAPPING, None, message).with_help(help))
}

/// The name of the workspace's mapping with that digest.
fn named(root: &Path, digest: Digest, files: &dyn Files) -> Option<String> {
    let folder = root.join(MAPPINGS_FOLDER);
    let is_it = |name: &str| files.read(&folder.join(name), LARGEST_RON).is_ok_and(|bytes| Digest::of(&bytes) == digest);
    let found = files.list(&folder).ok()?.into_iter().find(|entry| entry.is_ron() && is_it(&entry.name))?;
    found.name.strip_suffix(".ron").map(str::to_owned)
}
