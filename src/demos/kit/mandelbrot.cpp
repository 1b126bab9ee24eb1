#include "demos/kit/mandelbrot.h"

#include <cmath>

#include "weft/runtime/point.h"

namespace weft::demos {
namespace {

constexpr int kMostIterations = 200;

// The whole set, at the picture's proportions.
constexpr double kLeft = -2.2;
constexpr double kTop = -1.1;
constexpr double kPixel = 3.3 / kWidth;

int iterations_at(double cr, double ci) {
  double zr = 0;
  double zi = 0;
  int n = 0;
  while (n < kMostIterations && zr * zr + zi * zi <= 4) {
    const double next = zr * zr - zi * zi + cr;
    zi = 2 * zr * zi + ci;
    zr = next;
    ++n;
  }
  return n;
}

double fraction(double x) { return x - std::floor(x); }

// The set itself is black; around it, the longer a point took to escape the brighter.
std::uint8_t brightness(std::int64_t iterations, std::uint32_t passes) {
  const double mean = static_cast<double>(iterations) / passes;
  if (mean >= kMostIterations) return 0;
  return static_cast<std::uint8_t>(40 + 215 * std::sqrt(mean / kMostIterations));
}

std::uint16_t part(std::uint32_t whole, std::uint32_t i, std::uint32_t n) {
  return static_cast<std::uint16_t>(whole * i / n);
}

}  // namespace

std::vector<Run::Rectangle> cut_into_tiles(std::uint32_t count) {
  std::vector<Run::Rectangle> tiles;
  const auto rows = static_cast<std::uint32_t>(
      std::ceil(std::sqrt(static_cast<double>(count) * kHeight / kWidth)));
  for (std::uint32_t row = 0; row < rows; ++row) {
    const std::uint32_t columns = count * (row + 1) / rows - count * row / rows;
    const std::uint16_t y = part(kHeight, row, rows);
    const auto height = static_cast<std::uint16_t>(part(kHeight, row + 1, rows) - y);
    for (std::uint32_t column = 0; column < columns; ++column) {
      const std::uint16_t x = part(kWidth, column, columns);
      const auto width = static_cast<std::uint16_t>(part(kWidth, column + 1, columns) - x);
      tiles.push_back({x, y, width, height});
    }
  }
  return tiles;
}

Rendered render(Run::Rectangle tile, std::uint32_t passes) {
  Rendered rendered;
  rendered.pixels.reserve(std::size_t{tile.width} * tile.height);
  for (int y = tile.y; y < tile.y + tile.height; ++y) {
    runtime::checkpoint();
    for (int x = tile.x; x < tile.x + tile.width; ++x) {
      std::int64_t sum = 0;
      for (std::uint32_t pass = 0; pass < passes; ++pass) {
        // A sequence that fills the pixel evenly, the same in every language.
        const double dx = fraction(0.5 + pass * 0.7548776662466927);
        const double dy = fraction(0.5 + pass * 0.5698402909980532);
        sum += iterations_at(kLeft + (x + dx) * kPixel, kTop + (y + dy) * kPixel);
      }
      rendered.iterations += sum;
      rendered.pixels.push_back(brightness(sum, passes));
    }
  }
  return rendered;
}

}  // namespace weft::demos
