#include "demos/kit/run.h"

#include <cstring>
#include <string>

#include "demos/kit/number.h"
#include "weft/runtime/point.h"

namespace weft::demos {
namespace {

std::string assignment(std::string_view name, Part value) {
  std::string text(name);
  text += '=';
  value.append_to(text);
  return text;
}

std::string joined(std::initializer_list<Part> parts, char separator) {
  std::string text;
  for (const Part& part : parts) {
    if (&part != parts.begin()) text += separator;
    part.append_to(text);
  }
  return text;
}

}  // namespace

void Run::print_line(std::initializer_list<Part> parts) {
  runtime::checkpoint();
  const std::string line = joined(parts, ' ');
  {
    const platform::LockGuard guard(console_);
    runtime::record_console(++lines_, line);
  }
  runtime::flush_backlog();
}

void Run::result(const Result& result, Part value) {
  runtime::record_payload(trace::Kind::result, 0, 0, 0, assignment(result.name(), value));
}

void Run::sample(const Sample& sample, Part value) {
  runtime::record_payload(trace::Kind::sample, 0, 0, 0, assignment(sample.name(), value));
}

void Run::add_row(std::initializer_list<Part> cells) {
  runtime::record_payload(trace::Kind::row, 0, 0, 0, joined(cells, '\t'));
}

void Run::check(const Check& check, bool holds) {
  if (!holds) failed_.store(true, std::memory_order_relaxed);
  runtime::record_payload(trace::Kind::check, 0, 0, holds ? 1 : 0, check.name());
}

void Run::progress(std::uint32_t done, std::uint32_t total) {
  runtime::record_unordered(trace::Kind::progress, std::uint64_t{total} << 32 | done);
}

void Run::mark(std::string_view text) {
  runtime::record_unordered(trace::Kind::mark, 0, runtime::intern(text));
}

std::uint32_t Run::image(std::string_view name, std::uint32_t width, std::uint32_t height) {
  const std::uint32_t id = images_.fetch_add(1, std::memory_order_relaxed) + 1;
  const std::string description = "{\"name\":\"" + std::string(name) +
                                  "\",\"width\":" + to_text(width) +
                                  ",\"height\":" + to_text(height) + "}";
  runtime::record_payload(trace::Kind::image, id, 0, 0, description);
  return id;
}

void Run::tile(std::uint32_t image, Rectangle where, const std::vector<std::uint8_t>& pixels) {
  const std::uint16_t header[] = {where.x, where.y, where.width, where.height};
  std::string payload(sizeof header + pixels.size(), '\0');
  std::memcpy(payload.data(), header, sizeof header);
  std::memcpy(payload.data() + sizeof header, pixels.data(), pixels.size());
  runtime::record_payload(trace::Kind::tile, image, 0, 0, payload);
}

}  // namespace weft::demos
