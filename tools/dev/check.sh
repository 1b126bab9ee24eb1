# ./dev check: what can be said of the sources without building them. ./dev format: mends the format.
# Each check is a function check_<name>, prints what is wrong, and fails.

readonly checks=(format layers examples reference)  # the next one: its name here, its function below

# Another version of clang-format formats otherwise.
readonly format_version=16
readonly format_needs="
clang-format-$format_version clang-format-$format_version"

formatted_files() {
  git ls-files 'src/*.h' 'src/*.cpp' 'tests/*.h' 'tests/*.cpp' 'examples/*.cpp'
}

check_format() {
  need "$format_needs"
  local files
  mapfile -t files < <(formatted_files)
  local found differing
  found=$("clang-format-$format_version" --dry-run -Werror "${files[@]}" 2>&1) && return
  # Of each place it prints the line and a mark below it: the names are enough.
  mapfile -t differing < <(sed -n 's/^\([^:]*\):[0-9]*:[0-9]*: error: .*\[-Wclang-format-violations\]$/\1/p' <<<"$found" | sort -u)
  if [[ ${#differing[@]} == 0 ]]; then  # it went wrong otherwise
    say "$found"
    return 1
  fi
  say "${differing[@]/#/  }" "Not formatted: ${#differing[@]} of ${#files[@]} files. To mend them: ./dev format"
  return 1
}

check_layers() {
  need 'nodejs node'
  node tools/dev/layers.mjs
}

# Each public class has an example; the build compiles and ctest runs them.
check_examples() {
  need 'python3 python3'
  python3 tests/examples/extract.py --missing
}

check_reference() {
  reference
}

check() {
  local one failed=()
  for one in "$@"; do
    [[ " ${checks[*]} " == *" $one "* ]] || die "there is no check '$one'; checks: ${checks[*]}"
  done
  [[ $# != 0 ]] || set -- "${checks[@]}"
  for one in "$@"; do
    say "=== $one"
    "check_$one" || failed+=("$one")
  done
  [[ ${#failed[@]} == 0 ]] || die "not in order: ${failed[*]}"
  say 'All in order.'
}

format() {
  need "$format_needs"
  formatted_files | xargs -d '\n' "clang-format-$format_version" -i
}
