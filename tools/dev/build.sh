# Builds. Nothing here runs again when nothing changed.

# configure <preset>: Ninja configures again by itself, except for changed presets.
configure() {
  local folder=build/$1
  if [[ ! -f $folder/build.ninja || CMakePresets.json -nt $folder/build.ninja ]]; then
    local with=()
    if [[ $1 == [ta]san && -z ${CXX:-} ]]; then
      with=("-DCMAKE_CXX_COMPILER=$(sanitizing_compiler)")
    fi
    cmake --preset "$1" "${with[@]}"
  fi
}

# The newest Clang that has its sanitizers, or the usual compiler.
sanitizing_compiler() {
  local version
  for version in 21 20 19 18 17 16; do
    if [[ -d /usr/lib/llvm-$version/lib/clang/$version/lib/linux ]] && type -P "clang++-$version"; then return; fi
  done
  type -P c++
}

# build_preset <preset> [target]
build_preset() {
  configure "$1"
  cmake --build --preset "$1" --parallel "$jobs" ${2:+--target "$2"}
}

build_page() {
  local inputs=(web/src web/tools web/build.mjs web/index.html  web/package-lock.json web/tsconfig.json
    src/demos build/wasm/core.mjs build/wasm/core.wasm build/wasm/catalogue.json)
  local stamp=build/page.stamp existing=() input
  for input in "${inputs[@]}"; do
    [[ -e $input ]] && existing+=("$input")
  done
  # A folder is newer when something in it came or went.
  if [[ -f $stamp && -f web/dist/index.html &&
    -z $(find "${existing[@]}" -newer "$stamp" -print -quit) ]]; then
    return
  fi
  touch "$stamp.new"  # before the build: what changes meanwhile is newer
  (cd web && node --run build)
  mv "$stamp.new" "$stamp"
}

build() {
  need "$build_needs"
  provide_node
  provide_emscripten
  build_preset wasm playground
  build_page
}

bench() {
  local name program
  need "$build_needs"
  provide_node
  provide_emscripten
  build_preset native bench
  build_preset wasm bench
  for program in tests/bench/*.cpp; do
    [[ -f $program ]] || continue
    name=$(basename "$program" .cpp)
    [[ $# == 0 || " $* " == *" $name "* ]] || continue
    say "$name, native"
    "build/native/tests/bench/$name"
    say "$name, WebAssembly in Node"
    node tests/bench/run_module.mjs "build/wasm/tests/bench/$name.mjs"
  done
  for program in tests/bench/processes/*.cpp; do
    [[ -f $program ]] || continue
    name=$(basename "$program" .cpp)
    [[ $# == 0 || " $* " == *" $name "* ]] || continue
    say "$name, native"
    "build/native/tests/bench/processes/$name"
    say "$name, WebAssembly in Node"
    node tests/machine/host.ts program "build/wasm/tests/bench/processes/$name.mjs"
  done
  if [[ $# == 0 || " $* " == *' cpython '* ]]; then
    say "cpython, its own thread pool and queue"
    python3 tests/bench/cpython.py
    say "cpython, its own processes"
    python3 tests/bench/processes/cpython.py
  fi
  if [[ $# == 0 || " $* " == *' trace_reader '* ]]; then
    say "trace_reader, the page's side in Node"
    node tests/bench/trace_reader.mjs
  fi
  if [[ $# == 0 || " $* " == *' folds '* ]]; then
    need "$browser_needs"
    say "folds, the page's side in Node and in Chromium"
    node --expose-gc tests/bench/folds.mjs
  fi
  if [[ $# == 0 || " $* " == *' page '* ]]; then
    need "$browser_needs"
    build_preset wasm playground
    build_preset wasm probe
    build_page
    node tests/bench/page.mjs
  fi
}
