#!/usr/bin/env bash
# Shows that a release is reproducible: builds the committed sources with `.ci/release` in two folders of different names and lengths,
# compares program and bill of materials byte by byte, and looks into the program: the list of crates must be there, folders of this
# machine must not.
#
#   tests/reproducible.sh [PACKAGE]      the whole program takes two release builds; `gateway-consumer` is the small one
set -euo pipefail
cd "$(dirname "$0")/.."
package=${1:-countersign}

commit=$(git rev-parse HEAD)
scratch=$(mktemp -d)
trap '[[ $? == 0 ]] && rm -rf "$scratch" || echo "not reproducible; the builds are left in $scratch" >&2' EXIT
folders=("$scratch/a" "$scratch/another-folder/deeper")
for folder in "${folders[@]}"; do
  mkdir -p "$folder"
  git archive "$commit" | tar -x -C "$folder"
  (cd "$folder" && env -u CARGO_TARGET_DIR .ci/release "$package")
done

for file in "$package" "$package.cdx.json"; do
  cmp "${folders[0]}/target/release/$file" "${folders[1]}/target/release/$file"
done
sections=$(readelf --sections --wide "${folders[0]}/target/release/$package")
[[ $sections == *" .dep-v0 "* ]] || { echo "the list of crates is not in the program" >&2; exit 1; }
for private in "$scratch" "$HOME/" "${CARGO_HOME:-$HOME/.cargo}/"; do
  if grep --quiet --text --fixed-strings "$private" "${folders[0]}/target/release/$package"; then
    echo "the program names the folder $private" >&2
    exit 1
  fi
done
echo "reproducible: $package is the same from two folders"
