#pragma once

#include <string>
#include <typeinfo>

namespace weft::platform {

/// A type's demangled name: "std::out_of_range", "(anonymous namespace)::Broken". In WebAssembly
/// templates and local types stay mangled.
std::string type_name(const std::type_info& type);

}  // namespace weft::platform
