#pragma once

#include <string_view>

// The one place that says the version: CMakeLists.txt reads these three lines.
#define WEFT_VERSION_MAJOR 0
#define WEFT_VERSION_MINOR 1
#define WEFT_VERSION_PATCH 0

namespace weft {

// Two steps: the first replaces the names by their numbers.
#define WEFT_VERSION_QUOTE(major, minor, patch) #major "." #minor "." #patch
#define WEFT_VERSION_TEXT(major, minor, patch) WEFT_VERSION_QUOTE(major, minor, patch)

/// The library's version, such as "0.1.0". Python's counterpart: sys.version_info.
inline constexpr std::string_view version =
    WEFT_VERSION_TEXT(WEFT_VERSION_MAJOR, WEFT_VERSION_MINOR, WEFT_VERSION_PATCH);

#undef WEFT_VERSION_TEXT
#undef WEFT_VERSION_QUOTE

}  // namespace weft
