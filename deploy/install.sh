#!/bin/sh
# Installs llamero for one user, without root:
#
#   curl -fsSL URL/install.sh | sh
#
# Again for another version: it is put beside the old one, then takes its place, and a running service is started anew.
# Options (behind `sh -s --`), each also a variable:
#   --service user|system|none   of systemd or launchd; `system` needs root       LLAMERO_SERVICE   asked on a terminal, else none
#   --prefix FOLDER              where the program lies                           LLAMERO_PREFIX    ~/.local/share/llamero, for a system service /opt/llamero
#   --bin FOLDER                 where the command lies                           LLAMERO_BIN       ~/.local/bin
#   --release URL-or-folder      where the release lies                           LLAMERO_RELEASE
#   --uninstall                  removes the program and its service; models stay
#   --purge                      with --uninstall: removes models, history and keys too
set -eu

VERSION=@VERSION@
BUN_VERSION=@BUN@
RELEASE=${LLAMERO_RELEASE:-@RELEASE@}
PREFIX=${LLAMERO_PREFIX:-}
BIN=${LLAMERO_BIN:-}
SERVICE=${LLAMERO_SERVICE:-}
ACTION=install
PURGE=no

say() { printf 'llamero: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

while [ $# -gt 0 ]; do
  case $1 in
    --service) SERVICE=${2:-}; shift 2 || fail "--service needs user, system or none" ;;
    --prefix) PREFIX=${2:-}; shift 2 || fail "--prefix needs a folder" ;;
    --bin) BIN=${2:-}; shift 2 || fail "--bin needs a folder" ;;
    --release) RELEASE=${2:-}; shift 2 || fail "--release needs a URL or a folder" ;;
    --uninstall) ACTION=uninstall; shift ;;
    --purge) PURGE=yes; shift ;;
    *) fail "unknown option $1" ;;
  esac
done
case $SERVICE in ''|user|system|none) ;; *) fail "--service is user, system or none, not $SERVICE" ;; esac
UNIT=/etc/systemd/system/llamero.service
# Root takes away what root has installed, wherever that is.
if [ $ACTION = uninstall ] && [ -z "$SERVICE" ] && [ "$(id -u)" = 0 ] && [ -f $UNIT ]; then
  SERVICE=system
  : "${PREFIX:=$(sed -n 's|^ExecStart="*\(/.*\)/current/bun"* .*|\1|p' $UNIT)}"
fi
STATE=$HOME/.llamero
# A system service has a user of its own, who sees no home directory.
if [ "$SERVICE" = system ]; then
  STATE=/var/lib/llamero
  : "${PREFIX:=/opt/llamero}" "${BIN:=/usr/local/bin}"
else
  : "${PREFIX:=$HOME/.local/share/llamero}" "${BIN:=$HOME/.local/bin}"
fi
# The command is a script with these paths in it.
case $PREFIX$BIN in *[\"\$\`\\]*) fail "no folder's name may have any of \" \$ \` \\ in it" ;; esac

# ---- what runs where

platform() {
  case $(uname -s) in
    Linux) os=linux ;;
    Darwin) os=darwin ;;
    MINGW*|MSYS*|CYGWIN*) fail "Windows: run install.ps1 instead, which installs llamero in WSL2" ;;
    *) fail "llamero runs on Linux and macOS, not on $(uname -s)" ;;
  esac
  case $(uname -m) in
    x86_64|amd64) arch=x64 ;;
    aarch64|arm64) arch=aarch64 ;;
    *) fail "llamero runs on x86-64 and arm64, not on $(uname -m)" ;;
  esac
  if [ $os = linux ] && ldd --version 2>&1 | grep -qi musl; then
    fail "this system has musl instead of glibc, for which there is no engine; use the container"
  fi
}

# ---- fetching

# fetch NAME TARGET: a file of the release.
fetch() {
  case $RELEASE in
    http://*|https://*)
      if command -v curl >/dev/null; then curl -fsSL --retry 3 "$RELEASE/$1" -o "$2"
      elif command -v wget >/dev/null; then wget -q "$RELEASE/$1" -O "$2"
      else fail "curl or wget is needed"; fi ;;
    *) cp "$RELEASE/$1" "$2" ;;
  esac
}

# verified NAME TARGET: the same, and its digest is the release's.
verified() {
  fetch "$1" "$2" || fail "$RELEASE/$1 could not be fetched"
  want=$(awk -v name="$1" '$2 == name { print $1 }' "$WORK/SHA256SUMS")
  [ -n "$want" ] || fail "SHA256SUMS does not name $1"
  if command -v sha256sum >/dev/null; then got=$(sha256sum "$2" | cut -d' ' -f1)
  else got=$(shasum -a 256 "$2" | cut -d' ' -f1); fi
  [ "$got" = "$want" ] || fail "$1 has another digest than the release says; nothing was installed"
}

is_bun() { [ "$("$1" --version 2>/dev/null)" = "$BUN_VERSION" ]; }

# Puts the Bun of this release at $PREFIX/bun-VERSION/bun: from the PATH, by npm, or as a zip of the release.
install_bun() {
  home=$PREFIX/bun-$BUN_VERSION
  if [ -x "$home/bun" ] && is_bun "$home/bun"; then return; fi
  found=$(command -v bun || true)
  mkdir -p "$WORK/bun"
  if [ -n "$found" ] && is_bun "$found"; then
    cp "$(readlink -f "$found" 2>/dev/null || echo "$found")" "$WORK/bun/bun"
  elif command -v npm >/dev/null && by_npm; then :
  elif fetch "bun-$os-$arch.zip" "$WORK/bun.zip" 2>/dev/null; then
    verified "bun-$os-$arch.zip" "$WORK/bun.zip"
    command -v unzip >/dev/null || fail "unzip is needed to unpack Bun"
    unzip -qj "$WORK/bun.zip" '*/bun' -d "$WORK/bun"
  else
    fail "Bun $BUN_VERSION is needed: install it, or npm, which can fetch it"
  fi
  chmod 755 "$WORK/bun/bun"
  is_bun "$WORK/bun/bun" || fail "the fetched Bun does not run on this machine"
  rm -rf "$home"
  mv "$WORK/bun" "$home"
}

by_npm() {
  say "fetching Bun $BUN_VERSION by npm"
  mkdir -p "$WORK/npm"
  npm install --no-audit --no-fund --no-package-lock --loglevel=error --prefix "$WORK/npm" "bun@$BUN_VERSION" >&2 || return 1
  program=$WORK/npm/node_modules/bun/bin/bun.exe
  # npm may have been told to run no install scripts; this one puts the program for this machine in its place.
  is_bun "$program" || (cd "$WORK/npm/node_modules/bun" && node install.js) || return 1
  cp "$program" "$WORK/bun/bun"
}

# ---- installing

install_app() {
  app=$PREFIX/$VERSION
  if [ -d "$app" ]; then say "version $VERSION is there already"; return; fi
  verified "llamero-$VERSION.tgz" "$WORK/llamero.tgz"
  mkdir -p "$WORK/package"
  tar -xzf "$WORK/llamero.tgz" -C "$WORK/package" --strip-components=1
  say "installing the dependencies and the engine for this machine"
  (
    cd "$WORK/package/app"
    bun=$PREFIX/bun-$BUN_VERSION/bun
    # Nothing is left behind in the home directory.
    export BUN_INSTALL_CACHE_DIR="$WORK/cache"
    "$bun" install --production --frozen-lockfile --no-progress --ignore-scripts >&2 && "$bun" scripts/engine-binaries.ts >&2
  ) || fail "the dependencies could not be installed; nothing was changed"
  mv "$WORK/package/app" "$app"
}

# The command is a script of one line, so that it works from anywhere and shows up as itself.
write_command() {
  mkdir -p "$BIN"
  printf '#!/bin/sh\nLLAMERO_COMMAND=llamero exec "%s/current/bun" "%s/current/src/main.ts" "$@"\n' "$PREFIX" "$PREFIX" > "$WORK/llamero"
  chmod 755 "$WORK/llamero"
  mv "$WORK/llamero" "$BIN/llamero"
}

# One rename makes the new version the current one.
switch_version() {
  ln -sf "../bun-$BUN_VERSION/bun" "$PREFIX/$VERSION/bun"
  ln -s "$VERSION" "$PREFIX/current.new"
  mv -T "$PREFIX/current.new" "$PREFIX/current" 2>/dev/null || { rm -f "$PREFIX/current"; mv "$PREFIX/current.new" "$PREFIX/current"; }
}

# remove_versions KEPT KEPT: takes away what this script has put into $PREFIX, but for two folders. Whatever else lies there stays.
remove_versions() {
  for folder in "$PREFIX"/[0-9]*; do
    if [ "$folder" != "$1" ] && grep -qs '"name": "llamero"' "$folder/package.json"; then rm -rf "$folder"; fi
  done
  for folder in "$PREFIX"/bun-[0-9]*; do
    if [ "$folder" != "$2" ] && [ -f "$folder/bun" ]; then rm -rf "$folder"; fi
  done
}

# What stands for a path in the file of a service, as sed's replacement.
escaped() { printf '%s' "$1" | sed -e 's/%/%%/g' -e 's/[&|]/\\&/g'; }

# ---- the service

choose_service() {
  if [ "$os-$SERVICE" = darwin-system ]; then fail "on macOS llamero runs as a user's service: --service user"; fi
  [ -z "$SERVICE" ] || return 0
  SERVICE=none
  [ $os = darwin ] || command -v systemctl >/dev/null || return 0
  if [ -t 2 ] && (: < /dev/tty) 2>/dev/null; then
    printf 'llamero: start it as a service of yours at every login? [y/N] ' >&2
    read -r answer < /dev/tty || answer=
    case $answer in y|Y|yes) SERVICE=user ;; esac
  fi
}

install_service() {
  case $SERVICE in
    none) return ;;
    user)
      if [ $os = darwin ]; then install_agent; return; fi
      folder=${XDG_CONFIG_HOME:-$HOME/.config}/systemd/user
      mkdir -p "$folder"
      sed "s|@PREFIX@|$(escaped "$PREFIX")|g" "$PREFIX/current/deploy/systemd/llamero-user.service" > "$folder/llamero.service"
      start_unit --user ;;
    system)
      [ "$(id -u)" = 0 ] || fail "--service system needs root; --service user does not"
      sed "s|@PREFIX@|$(escaped "$PREFIX")|g" "$PREFIX/current/deploy/systemd/llamero.service" > $UNIT
      start_unit --system ;;
  esac
}

AGENT=$HOME/Library/LaunchAgents/llamero.plist

in_xml() { printf '%s' "$1" | sed -e 's/&/\\&amp;/g' -e 's/</\\&lt;/g' -e 's/|/\\|/g'; }

install_agent() {
  mkdir -p "$HOME/Library/LaunchAgents" "$HOME/Library/Logs"
  sed -e "s|@BIN@|$(in_xml "$BIN")|g" -e "s|@HOME@|$(in_xml "$HOME")|g" "$PREFIX/current/deploy/launchd/llamero.plist" > "$AGENT"
  launchctl unload "$AGENT" 2>/dev/null || true
  launchctl load -w "$AGENT" || fail "the service does not start: $HOME/Library/Logs/llamero.log says why"
}

start_unit() {
  if ! systemctl "$1" daemon-reload 2>/dev/null; then
    say "the unit is installed, and no systemd runs here to start it"
    return
  fi
  systemctl "$1" enable llamero.service >&2
  systemctl "$1" restart llamero.service >&2 || fail "the service does not start: journalctl $1 -u llamero says why"
}

# A service that runs an older version goes on with the new one.
restart_service() {
  [ "$SERVICE" = none ] || return 0
  if [ $os = darwin ] && [ -f "$AGENT" ]; then install_agent; fi
  command -v systemctl >/dev/null || return 0
  for scope in --user --system; do
    if systemctl "$scope" is-active --quiet llamero.service 2>/dev/null; then systemctl "$scope" restart llamero.service || true; fi
  done
}

uninstall() {
  if command -v systemctl >/dev/null; then
    systemctl --user disable --now llamero.service 2>/dev/null || true
    if [ "$(id -u)" = 0 ]; then systemctl --system disable --now llamero.service 2>/dev/null || true; fi
  fi
  if [ -f "$AGENT" ]; then launchctl unload -w "$AGENT" 2>/dev/null || true; rm -f "$AGENT"; fi
  rm -f "${XDG_CONFIG_HOME:-$HOME/.config}/systemd/user/llamero.service"
  if [ "$(id -u)" = 0 ]; then rm -f $UNIT; fi
  if grep -qsF "$PREFIX/current/" "$BIN/llamero"; then rm -f "$BIN/llamero"; fi
  remove_versions '' ''
  rm -rf "$PREFIX"/.install.??????
  rm -f "$PREFIX/current"
  rmdir "$PREFIX" 2>/dev/null || [ ! -d "$PREFIX" ] || say "$PREFIX has other files, and stays"
  if [ $PURGE = yes ]; then
    rm -rf "$STATE"
    if [ "$SERVICE" = system ]; then rm -rf /var/lib/private/llamero /var/cache/llamero /var/cache/private/llamero; fi
    say "removed, with its models"
  else say "removed; models and settings are still in $STATE"; fi
}

# ---- what is done

if [ $ACTION = uninstall ]; then uninstall; exit 0; fi
[ -n "$RELEASE" ] || fail "where is the release? --release URL-or-folder, or LLAMERO_RELEASE"
platform
for folder in "$PREFIX" "$BIN"; do
  if ! mkdir -p "$folder" 2>/dev/null || ! [ -w "$folder" ]; then
    fail "$folder cannot be written: --prefix and --bin name other folders"
  fi
done
WORK=$(mktemp -d "$PREFIX/.install.XXXXXX")
trap 'rm -rf "$WORK"' EXIT
trap 'exit 1' HUP INT TERM
fetch SHA256SUMS "$WORK/SHA256SUMS" || fail "$RELEASE/SHA256SUMS could not be fetched"
choose_service
install_bun
install_app
switch_version
write_command
install_service
restart_service
remove_versions "$PREFIX/$VERSION" "$PREFIX/bun-$BUN_VERSION"
say "version $VERSION is installed: $BIN/llamero"
case :$PATH: in *":$BIN:"*) ;; *) say "add it to the PATH: export PATH=\"$BIN:\$PATH\"" ;; esac
[ "$SERVICE" != none ] || say "start the server with: llamero serve"
