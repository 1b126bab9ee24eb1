#pragma once

#include <cstdint>
#include <vector>

#include "demos/kit/run.h"

namespace weft::demos {

/// The picture of the Mandelbrot set that demos compute.
inline constexpr std::uint32_t kWidth = 384;
inline constexpr std::uint32_t kHeight = 256;

/// Cuts the picture into exactly `count` rectangles, in rows of nearly square ones.
std::vector<Run::Rectangle> cut_into_tiles(std::uint32_t count);

struct Rendered {
  std::int64_t iterations = 0;  // all steps of z = z² + c that were taken
  std::vector<std::uint8_t> pixels;
};

/// Computes a part of the Mandelbrot set: the mean of `passes` samples in each pixel.
Rendered render(Run::Rectangle tile, std::uint32_t passes);

}  // namespace weft::demos
