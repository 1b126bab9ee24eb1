#pragma once

#include <charconv>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace weft::test::json {

/// A value of RFC 8259. Reading what is not there is a std::out_of_range or a
/// std::bad_variant_access.
struct Value {
  using Array = std::vector<Value>;
  using Object = std::map<std::string, Value>;
  std::variant<std::nullptr_t, bool, double, std::string, Array, Object> held;

  const Value& operator[](const std::string& name) const { return std::get<Object>(held).at(name); }
  bool has(const std::string& name) const { return std::get<Object>(held).contains(name); }
  const Array& array() const { return std::get<Array>(held); }
  const Object& object() const { return std::get<Object>(held); }
  const std::string& text() const { return std::get<std::string>(held); }
  double number() const { return std::get<double>(held); }
  bool boolean() const { return std::get<bool>(held); }
};

/// Strict: throws std::runtime_error for anything that is not exactly one JSON value.
class Parser {
 public:
  static Value parse(std::string_view text) {
    Parser parser(text);
    Value value = parser.value();
    parser.skip_space();
    if (!parser.rest_.empty()) parser.fail("more after the end");
    return value;
  }

 private:
  explicit Parser(std::string_view text) : rest_(text) {}

  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error("JSON: " + what + " at '" + std::string(rest_.substr(0, 40)) + "'");
  }
  void skip_space() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
  }
  bool take(std::string_view token) {
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  void expect(std::string_view token) {
    skip_space();
    if (!take(token)) fail("no " + std::string(token));
  }

  Value value() {
    skip_space();
    if (rest_.starts_with('{')) return {object()};
    if (rest_.starts_with('[')) return {array()};
    if (rest_.starts_with('"')) return {string()};
    if (take("true")) return {true};
    if (take("false")) return {false};
    if (take("null")) return {nullptr};
    return {number()};
  }

  Value::Object object() {
    Value::Object members;
    expect("{");
    skip_space();
    if (take("}")) return members;
    do {
      skip_space();
      std::string name = string();
      expect(":");
      if (!members.emplace(name, value()).second) fail("the name '" + name + "' twice");
      skip_space();
    } while (take(","));
    expect("}");
    return members;
  }

  Value::Array array() {
    Value::Array elements;
    expect("[");
    skip_space();
    if (take("]")) return elements;
    do {
      elements.push_back(value());
      skip_space();
    } while (take(","));
    expect("]");
    return elements;
  }

  std::string string() {
    std::string text;
    if (!take("\"")) fail("no string");
    while (!take("\"")) {
      if (rest_.empty() || static_cast<unsigned char>(rest_.front()) < 0x20) fail("a bad string");
      if (take("\\")) {
        text += escape();
      } else {
        text += rest_.front();
        rest_.remove_prefix(1);
      }
    }
    return text;
  }

  char escape() {
    if (take("u00")) {
      unsigned code = 0;
      const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + 2, code, 16);
      if (error != std::errc() || end != rest_.data() + 2 || code > 0x7f) fail("a bad escape");
      rest_.remove_prefix(2);
      return static_cast<char>(code);
    }
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    const std::size_t which = rest_.empty() ? kNames.npos : kNames.find(rest_.front());
    if (which == kNames.npos) fail("a bad escape");
    rest_.remove_prefix(1);
    return kMeanings[which];
  }

  double number() {
    const std::size_t length = std::min(rest_.find_first_not_of("-+.0123456789eE"), rest_.size());
    const std::string text(rest_.substr(0, length));
    // What strtod takes and JSON does not: a leading zero, plus or point.
    const std::size_t digit = text.starts_with('-') ? 1 : 0;
    if (text.size() <= digit || text[digit] < '0' || text[digit] > '9' ||
        (text[digit] == '0' && text.size() > digit + 1 && text[digit + 1] >= '0' &&
         text[digit + 1] <= '9')) {
      fail("no value");
    }
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    if (*end != '\0' || text.back() == '.') fail("no number");
    rest_.remove_prefix(length);
    return number;
  }

  std::string_view rest_;
};

inline Value parse(std::string_view text) { return Parser::parse(text); }

}  // namespace weft::test::json
