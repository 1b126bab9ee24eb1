#!/bin/sh
# found_out.sh PATTERN COMMAND…: succeeds if the command fails and says why.
pattern=$1
shift
output=$("$@" 2>&1)
status=$?
printf '%s\n' "$output"
if [ "$status" -eq 0 ]; then
  echo "Not found out: the run was green."
  exit 1
fi
if ! printf '%s\n' "$output" | grep -E -q "$pattern"; then
  echo "The run was red (status $status), but not because of '$pattern'."
  exit 1
fi
