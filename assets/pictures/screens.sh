#!/bin/sh
# Makes the pictures of the window: both sizes, themes and languages, under Xvfb with software rendering.
#
#   assets/pictures/screens.sh [BINARY] [FOLDER]
#
# Needs xvfb, xdotool and imagemagick. Run from the repository's root, so that the shipped workspace opens.
set -eu
binary=${1:-target/release/countersign}
folder=${2:-assets/pictures}
display=${SCREEN_DISPLAY:-:87}
wait=${SCREEN_WAIT:-6}
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT

picture() {
    size=$1 theme=$2 language=$3
    mkdir -p "$home/countersign"
    printf '(theme: %s, language: %s, tour_seen: true)\n' "$theme" "$language" >"$home/countersign/preferences.ron"
    Xvfb "$display" -screen 0 "${size}x24" >/dev/null 2>&1 &
    screen=$!
    sleep 1
    DISPLAY=$display XDG_CONFIG_HOME=$home LIBGL_ALWAYS_SOFTWARE=1 "$binary" >/dev/null 2>&1 &
    window=$!
    DISPLAY=$display xdotool search --sync --name Countersign windowsize "${size%x*}" "${size#*x}" windowmove 0 0 windowfocus >/dev/null 2>&1 || true
    sleep "$wait"
    # A rule with its script and an edit on the way is what the product is for.
    [ -z "${SCREEN_KEYS:-}" ] || DISPLAY=$display sh -c "$SCREEN_KEYS"
    name=$(printf 'window-%s-%s-%s.png' "$size" "$theme" "$language" | tr '[:upper:]' '[:lower:]')
    DISPLAY=$display import -window root "$folder/$name"
    kill "$window" "$screen" 2>/dev/null || true
    wait "$window" "$screen" 2>/dev/null || true
    echo "$folder/$name"
}

for size in ${SCREEN_SIZES:-1440x900 1280x720}; do
    for theme in ${SCREEN_THEMES:-Light Dark}; do
        for language in ${SCREEN_LANGUAGES:-en zh}; do
            picture "$size" "$theme" "$language"
        done
    done
done
