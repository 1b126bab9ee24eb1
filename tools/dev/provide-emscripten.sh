#!/usr/bin/env bash
# Unpacks Debian 13's Emscripten into a folder, on a Debian or Ubuntu that has none that is new enough.
# The system is not touched: apt works on lists, a status and a cache of its own, and checks the
# archive's signatures as it always does. Interrupted, it is simply run again.
#
#   provide-emscripten.sh <folder>     leaves the compiler in <folder>/emscripten
set -euo pipefail

tools=$(mkdir -p "$1" && cd "$1" && pwd)
target=$tools/emscripten
apt=$tools/apt

suite=trixie
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
# What the stamp holds: a change of the recipe, or of the folder (the programs name their loader by
# its full path), unpacks anew.
stamp="recipe 2, $suite, $target"

is_provided() { [[ -f $target/stamp && $(<"$target/stamp") == "$stamp" ]]; }

is_provided && exit 0

exec 9>"$tools/emscripten.lock"
flock 9
is_provided && exit 0

case $(dpkg --print-architecture) in
  amd64) architecture=amd64 triplet=x86_64-linux-gnu loader=ld-linux-x86-64.so.2 ;;
  arm64) architecture=arm64 triplet=aarch64-linux-gnu loader=ld-linux-aarch64.so.1 ;;
  *) echo "Debian has no Emscripten for $(dpkg --print-architecture)." >&2; exit 1 ;;
esac

# On Debian the mirror it uses itself is the nearest; Ubuntu knows where Debian's is.
mirror() {
  local here
  here=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m1 '/debian/$') ||
    here=$(sed -n 's/^BaseURI: *//p;T;q' /usr/share/python-apt/templates/Debian.info)
  echo "${WEFT_DEBIAN_MIRROR:-$here}"
}

echo "Emscripten: downloading Debian's package (400 MB, once)"
mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
: >"$apt/status"  # nothing is installed: every library the compiler needs comes along
echo "deb [arch=$architecture signed-by=$keyring] $(mirror) $suite main" >"$apt/sources.list"
private_apt() {
  apt-get -q -o Dir::State::Lists="$apt/lists" -o Dir::State::status="$apt/status" \
    -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::Cache="$apt/cache" -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}
private_apt update
private_apt -y --no-install-recommends --download-only install emscripten
private_apt autoclean >/dev/null  # older versions of the same packages

echo "Emscripten: unpacking"
unpacked=$tools/emscripten.new
rm -rf "$unpacked"
mkdir "$unpacked"
# Beyond the compiler only what its programs load. Libraries left out here (link-time optimisation,
# position-independent code, Wasm Workers, …) Emscripten builds itself should somebody ask for them.
packages=(emscripten binaryen clang-19 lld-19 llvm-19 libclang-common-19-dev libclang-cpp19 libllvm19
  libc6 libgcc-s1 libstdc++6 zlib1g libzstd1 libxml2 libedit2 libz3-4 libffi8 libtinfo6 liblzma5
  libbsd0 libmd0 node-acorn)
for package in "${packages[@]}"; do
  dpkg-deb --fsys-tarfile "$apt/cache/archives/${package}"_*.deb | tar -x -C "$unpacked" --wildcards \
    --exclude='./usr/share/doc' --exclude='./usr/share/man' --exclude='./usr/share/locale' \
    --exclude='./usr/share/emscripten/test' --exclude='./usr/share/emscripten/cache/symbol_lists' \
    --exclude='*/wasm32-emscripten/*/*' --exclude='*/wasm32-emscripten/*-ww*' \
    --exclude='*/wasm32-emscripten/libwasmfs*' \
    --exclude='*/bin/llvm-exegesis' --exclude='*/bin/llvm-tblgen' --exclude='*/bin/*yaml*' \
    --exclude='*/gconv'
done

# The programs run with the C library they were built for, not with the system's older one.
libraries=$target/usr/lib/$triplet:$target/usr/lib/llvm-19/lib
is_elf() { [[ $(head -c4 "$1" | tr -d '\0') == $'\x7fELF' ]]; }
for file in "$unpacked"/usr/bin/wasm-* "$unpacked"/usr/lib/llvm-19/bin/*; do
  [[ -f $file && ! -L $file ]] && is_elf "$file" || continue
  patchelf --set-interpreter "$target/usr/lib/$triplet/$loader" "$file"
  patchelf --force-rpath --set-rpath "$libraries" "$file"
done
for file in "$unpacked"/usr/lib/"$triplet"/{libLLVM,libclang-cpp,libbinaryen}*.so* "$unpacked"/usr/lib/llvm-19/lib/*.so*; do
  [[ -f $file && ! -L $file ]] || continue
  patchelf --force-rpath --set-rpath "$libraries" "$file"
done

# Emscripten looks for this file beside its programs first, so nothing need be set to use it.
root=$target/usr/share/emscripten
cat >"$unpacked/usr/share/emscripten/.emscripten" <<CONFIG
LLVM_ROOT = '$target/usr/lib/llvm-19/bin'
BINARYEN_ROOT = '$target/usr'
NODE_JS = 'node'
CACHE = '$root/cache'
CONFIG
ln -s ../nodejs "$unpacked/usr/share/emscripten/node_modules"  # where Node looks for acorn

rm -rf "$target"
mv "$unpacked" "$target"
"$root/emcc" --version >/dev/null
echo "$stamp" >"$target/stamp"
echo "Emscripten: $(<"$root/emscripten-version.txt") is ready in $target"
