# Programs and files of the system: what is missing is installed, or named where apt is not there.

# Each line: a package, then any of these commands or files says that it is there.
readonly build_needs='
ca-certificates /etc/ssl/certs/ca-certificates.crt /etc/ssl/cert.pem
g++             g++
cmake           cmake
ninja-build     ninja
python3         python3
nodejs          node
npm             npm
googletest      /usr/src/googletest/CMakeLists.txt'
# Sanitizers are Clang's: it takes half of GCC's time to instrument, and the tree is built with both.
readonly sanitizer_needs='
clang        clang++-16 clang++-17 clang++-18 clang++-19 clang++-20 clang++-21
libclang-rt  /usr/lib/llvm-1[6-9]/lib/clang/*/lib/linux /usr/lib/llvm-2?/lib/clang/*/lib/linux'
readonly unpack_needs='
patchelf                patchelf
debian-archive-keyring  /usr/share/keyrings/debian-archive-keyring.gpg
python-apt-common       /usr/share/python-apt/templates/Debian.info'
readonly browser_needs='
chromium          chromium chromium-browser google-chrome
firefox-esr       firefox-esr firefox
webkit2gtk-driver WebKitWebDriver
xvfb              Xvfb
xauth             xauth'

is_there() {
  local thing
  for thing in "$@"; do
    case $thing in
      /*) [[ -e $thing ]] && return ;;
      *) type -P "$thing" >/dev/null && return ;;
    esac
  done
  return 1
}

# need "$some_needs": returns when everything in the list is there.
need() {
  local package things missing=()
  while read -r package things; do
    # shellcheck disable=SC2086 # a list of words
    [[ -z $package ]] || is_there $things || missing+=("$(package_name "$package")")
  done <<<"$1"
  [[ ${#missing[@]} == 0 ]] && return
  type -P apt-get >/dev/null ||
    die "missing: ${missing[*]} (Debian's names). Install them with your system's package manager."
  install_packages "${missing[@]}"
}

# Ubuntu's names differ for what it ships as snaps; Debian 12's usual Clang is too old.
package_name() {
  case $(. /etc/os-release; printf '%s' "${ID:-}${VERSION_ID:-}")/$1 in
    ubuntu*/chromium) echo chromium-browser ;;
    ubuntu*/firefox-esr) echo firefox ;;
    debian12/clang) echo clang-16 ;;
    debian12/libclang-rt) echo libclang-rt-16-dev ;;
    */libclang-rt) echo libclang-rt-dev ;;
    *) echo "$1" ;;
  esac
}

install_packages() {
  local as_root=() install=(apt-get install -y -q --no-install-recommends "$@")
  if [[ $EUID != 0 ]]; then
    type -P sudo >/dev/null || die "root is needed. Run this as root, then run ./dev again:
  apt-get update && ${install[*]}"
    as_root=(sudo)
  fi
  say "Installing: $*"
  "${as_root[@]}" apt-get update -q
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive "${install[@]}"
}
