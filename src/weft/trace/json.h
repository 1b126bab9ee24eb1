#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace weft::json {

inline std::string text(std::string_view value) {
  constexpr const char* kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  return out + '"';
}

/// Builds a JSON object; members keep the order in which they are added.
///
/// Example:
///     const std::string json = Object().add("name", text("Queue-1")).add("size", "3").str();
///     json == R"({"name":"Queue-1","size":3})";   // true
class Object {
 public:
  Object& add(std::string_view name, std::string_view json) {
    if (!members_.empty()) members_ += ',';
    members_ += text(name);
    members_ += ':';
    members_ += json;
    return *this;
  }
  std::string str() const { return "{" + members_ + "}"; }

 private:
  std::string members_;
};

template <class Range, class ToJson>
std::string array(const Range& range, ToJson to_json) {
  std::string out;
  for (const auto& element : range) {
    if (!out.empty()) out += ',';
    out += to_json(element);
  }
  return "[" + out + "]";
}

}  // namespace weft::json
