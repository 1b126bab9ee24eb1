#pragma once

#include <string>
#include <typeinfo>

namespace weft::platform {

/// A type's name as it is written in C++: "std::out_of_range", "(anonymous namespace)::Broken". In
/// WebAssembly templates and types within functions keep the compiler's own name.
std::string type_name(const std::type_info& type);

}  // namespace weft::platform
