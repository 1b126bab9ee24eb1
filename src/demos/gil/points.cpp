#include "demos/gil/points.h"

#include "demos/kit/random.h"
#include "weft/runtime/point.h"

namespace weft::demos::gil {

std::int64_t count_inside(std::int64_t first_block, std::int64_t end_block) {
  std::int64_t inside = 0;
  for (std::int64_t block = first_block; block < end_block; ++block) {
    runtime::checkpoint();
    Random random(static_cast<std::uint64_t>(block));
    for (std::int64_t i = 0; i < kPointsInBlock; ++i) {
      const double x = random.uniform();
      const double y = random.uniform();
      if (x * x + y * y < 1) ++inside;
    }
  }
  return inside;
}

}  // namespace weft::demos::gil
