#include "weft/platform/type_name.h"

#include <cxxabi.h>
#include <cstdlib>
#include <memory>

namespace weft::platform {

std::string type_name(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> readable(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), std::free);
  return status == 0 ? readable.get() : type.name();
}

}  // namespace weft::platform
