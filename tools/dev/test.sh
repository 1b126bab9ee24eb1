# ./dev test: parts, each in a process of its own with a limit on its time; all run to their end.

readonly parts=(native tsan asan wasm web browser)
# What `./dev test quick` runs instead: in at most 4 minutes on 2 cores, also in a clone where nothing is built yet.
readonly quick_parts=(quick quick-web)
readonly part_limit=${WEFT_PART_LIMIT:-3000}  # seconds
readonly results=build/test

# run_ctest <preset> [command…]: ctest, run by the command.
run_ctest() {
  local preset=$1
  shift
  build_preset "$preset"
  "$@" ctest --preset "$preset" --parallel "$jobs"
}

part_native() { run_ctest native; }
part_asan() { run_ctest asan; }
part_wasm() { run_ctest wasm; }

# GCC 12's ThreadSanitizer does not start where addresses are randomised over as many bits as
# newer kernels do.
part_tsan() {
  local plain=(setarch --addr-no-randomize)
  "${plain[@]}" true 2>/dev/null || plain=()
  run_ctest tsan "${plain[@]}"
}

part_web() {
  local status=0
  build_preset wasm playground  # the machine is tested with the core
  build_preset wasm probe       # and with one of its own
  (check) || status=1
  cd web
  node --run check || status=1
  node --run lint || status=1
  node --run test || status=1
  return "$status"
}

# Of the tests in C++ those of the library alone, in a build that takes less time than the others.
part_quick() {
  configure quick
  cmake --build --preset quick --parallel "$jobs" --target unit semantics
  ctest --preset quick --parallel "$jobs" --tests-regex '^(unit|semantics)\.'
}

# Of the page's tests those that need nothing built.
part_quick-web() {
  local status=0 tests
  mapfile -t tests < <(grep --files-without-match build/wasm "$PWD"/tests/web/*.test.ts)
  cd web
  node --run check || status=1
  node --run lint || status=1
  node --test --test-reporter=spec --test-timeout=120000 "${tests[@]}" || status=1
  return "$status"
}

say_what_quick_left_out() {
  say 'Left out: the demos and their twins, the command, stress, processes, schedules, installation (native);' \
    'sanitizers (tsan, asan); WebAssembly (wasm, and what of web needs it); browsers (browser).' \
    'The library was built without optimisation. Everything: ./dev test; a part: ./dev test native'
}

part_browser() {
  build_preset native weft_command  # what the page shows is compared with what it prints
  build_preset wasm
  build_page
  node tests/browser/run.mjs
}

# What `./dev test` calls itself with, once a part.
test_part() {
  provide_node
  "part_$1"
}

# run_limited <log> <command…>: shows what it writes to its log, and limits its time. It gets no pipe
# that something it leaves behind could hold open.
run_limited() {
  local log=$1 status=0 child
  shift
  : >"$log"
  timeout --kill-after=20 "$part_limit" "$@" >"$log" 2>&1 </dev/null &
  child=$!
  # A process in the background does not get Ctrl-C.
  trap 'kill "$child" 2>/dev/null || true' EXIT
  trap 'exit 130' INT TERM HUP PIPE
  tail --lines=+1 --follow --sleep-interval=0.2 --pid="$child" "$log" &
  wait "$child" || status=$?
  wait
  trap - EXIT INT TERM HUP PIPE
  return "$status"
}

run_part() {
  local part=$1 status=0 started=$SECONDS passed failed skipped note=''
  rm -f "$results/$part.log" "build/$part/Testing/Temporary/LastTest.log"*
  run_limited "$results/$part.log" "$BASH" dev test-part "$part" || status=$?
  read -r passed failed skipped < <(node tools/dev/report.mjs count "$part" || echo 0 0 0)
  if [[ $status == 124 || $status == 137 ]]; then
    note=", not ended after $part_limit s"
  elif [[ $((passed + failed)) == 0 ]]; then
    note=', no tests ran'
  elif [[ $status != 0 && $failed == 0 ]]; then
    note=", ended with status $status"
  fi
  # A part that went wrong otherwise than by a failing test counts as one.
  [[ -z $note ]] || failed=$((failed + 1))
  total_passed=$((total_passed + passed))
  total_failed=$((total_failed + failed))
  summary+=$(printf '%-9s %5d passed %4d failed %4d skipped %5d s%s' \
    "$part" "$passed" "$failed" "$skipped" $((SECONDS - started)) "$note")$'\n'
}

run_tests() {
  local part wanted=("$@")
  [[ $# != 0 ]] || wanted=("${parts[@]}")
  [[ $* != quick ]] || wanted=("${quick_parts[@]}")
  for part in "${wanted[@]}"; do
    [[ " ${parts[*]} ${quick_parts[*]} " == *" $part "* ]] ||
      die "there is no part '$part'; parts: ${parts[*]}; or alone: quick"
  done

  # Without these only their own parts fail, so the others go on.
  need "$build_needs"
  provide_node
  if [[ " ${wanted[*]} " =~ \ (tsan|asan)\  ]]; then (need "$sanitizer_needs") || true; fi
  if [[ " ${wanted[*]} " =~ \ (wasm|web|browser)\  ]]; then (provide_emscripten) || true; fi
  if [[ " ${wanted[*]} " == *' web '* ]]; then (need "$format_needs") || true; fi
  if [[ " ${wanted[*]} " == *' browser '* ]]; then (need "$browser_needs") || true; fi

  local summary='' total_passed=0 total_failed=0
  mkdir -p "$results"
  for part in "${wanted[@]}"; do
    say '' "=== $part"
    run_part "$part"
  done
  say ''
  node tools/dev/report.mjs summary "${wanted[@]}" || true
  say '' "$summary"
  if [[ $* == quick ]]; then say_what_quick_left_out; fi
  say "$total_passed passed, $total_failed failed"
  [[ $total_failed == 0 ]]
}
