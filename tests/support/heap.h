#pragma once

#include <cstddef>

#ifdef __EMSCRIPTEN__
#include <malloc.h>
#endif

namespace weft::test {

/// Bytes of the heap that are in use, all threads together; always 0 where LeakSanitizer looks after
/// that instead.
inline std::size_t heap_in_use() {
#ifdef __EMSCRIPTEN__
  return static_cast<std::size_t>(mallinfo().uordblks);
#else
  return 0;
#endif
}

}  // namespace weft::test
