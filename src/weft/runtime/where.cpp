#include "weft/runtime/where.h"

#include <string_view>

namespace weft::runtime {

// Strips the build directory from the path.
std::string place_of(const Where& where) {
  std::string_view file = where.file_name();
  if (file.empty() || where.line() == 0) return {};
  for (const std::string_view top : {"src/", "tests/", "examples/"}) {
    std::size_t found = file.rfind(top);
    while (found != file.npos && found != 0 && file[found - 1] != '/') {
      found = file.rfind(top, found - 1);
    }
    if (found != file.npos) {
      file.remove_prefix(found);
      break;
    }
  }
  return std::string(file) + ":" + std::to_string(where.line());
}

}  // namespace weft::runtime
