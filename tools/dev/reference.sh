# ./dev reference: the reference of the public headers, in build/reference/index.html. A warning fails.

readonly reference_needs='
doxygen doxygen
python3 python3'

reference() {
  need "$reference_needs"
  rm -rf build/reference
  mkdir -p build/reference
  { cat docs/reference/Doxyfile; python3 tools/dev/public_headers.py; } | doxygen -
  say 'build/reference/index.html'
}
