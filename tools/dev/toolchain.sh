# Node and Emscripten.

# The packages of web/, among them the Node that everything after this runs on: the system's, which
# may be older, only has to run npm. The stamp goes when npm deletes the folder.
provide_node() {
  local stamp=web/node_modules/.weft-lock lock
  lock=$(cksum <web/package-lock.json)
  if [[ ! -f $stamp || $(<"$stamp") != "$lock" ]]; then
    say "npm: installing the packages of web/"
    (cd web && npm ci --no-audit --no-fund --loglevel=error)
    printf '%s' "$lock" >"$stamp"
  fi
  local bin
  for bin in "$PWD"/web/node_modules/node-linux-*/bin; do
    [[ -x $bin/node ]] && PATH=$bin:$PATH
  done
  export PATH
}

# The user's own comes first; emscripten.cmake refuses it if it is too old.
has_own_emscripten() {
  [[ -n ${EMSDK:-} ]] || type -P emcc >/dev/null
}

packaged_emscripten_is_new_enough() {
  local version
  version=$(apt-cache policy emscripten 2>/dev/null | sed -n 's/^ *Candidate: *//p')
  [[ -n $version && $version != '(none)' ]] && dpkg --compare-versions "$version" ge 3.1.69
}

provide_emscripten() {
  has_own_emscripten && return
  if [[ ! -f $tools/emscripten/stamp ]]; then
    type -P apt-get >/dev/null ||
      die "no Emscripten found. Install 3.1.69 or newer (https://emscripten.org) and put emcc on PATH."
    if packaged_emscripten_is_new_enough; then
      install_packages emscripten
      return
    fi
    need "$unpack_needs"
  fi
  tools/dev/provide-emscripten.sh "$tools"
}
