// What can be sent to another process arrives as it was; what is no such thing is refused.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "weft/multiprocessing/serialise.h"

namespace shapes {

enum class Colour : std::uint8_t { red, green };

struct Point {
  int x = 0;
  int y = 0;
  bool operator==(const Point&) const = default;
};

template <class Archive>
void serialise(Archive& archive, Point& point) {
  archive(point.x, point.y);
}

struct Polygon {
  std::string name;
  Colour colour = Colour::red;
  std::vector<Point> points;
  std::optional<Point> centre;
  bool operator==(const Polygon&) const = default;
};

void serialise(weft::multiprocessing::Archive& archive, Polygon& polygon) {
  archive(polygon.name, polygon.colour, polygon.points, polygon.centre);
}

}  // namespace shapes

namespace {

namespace mp = weft::multiprocessing;
using mp::Bytes;
using mp::from_bytes;
using mp::SerialiseError;
using mp::to_bytes;
using namespace std::chrono_literals;

template <class T>
void expect_arrives(const T& value) {
  const Bytes bytes = to_bytes(value);
  EXPECT_TRUE(from_bytes<T>(bytes) == value);
  // Every part of it that is cut off is missed, and nothing may be left over.
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_THROW(from_bytes<T>(std::span(bytes).first(length)), SerialiseError);
  }
  Bytes longer = bytes;
  longer.push_back(std::byte{0});
  EXPECT_THROW(from_bytes<T>(longer), SerialiseError);
}

TEST(Serialise, Numbers) {
  expect_arrives(0);
  expect_arrives(std::numeric_limits<std::int64_t>::min());
  expect_arrives(std::numeric_limits<std::uint64_t>::max());
  expect_arrives(-0.5F);
  expect_arrives(std::numeric_limits<double>::infinity());
  expect_arrives(true);
  expect_arrives(false);
  expect_arrives('c');
  expect_arrives(shapes::Colour::green);
  expect_arrives(15ms);
  EXPECT_TRUE(std::isnan(from_bytes<double>(to_bytes(std::nan("")))));
  EXPECT_TRUE(std::signbit(from_bytes<double>(to_bytes(-0.0))));
}

TEST(Serialise, TextsAndBytes) {
  expect_arrives(std::string());
  expect_arrives(std::string("with\0zeros", 10));
  expect_arrives(std::string("你好"));
  expect_arrives(Bytes{});
  expect_arrives(Bytes{std::byte{0}, std::byte{255}});
  expect_arrives(std::vector<std::uint8_t>{1, 2, 3});
}

TEST(Serialise, Containers) {
  expect_arrives(std::vector<int>{1, 2, 3});
  expect_arrives(std::vector<bool>{true, false, true});
  expect_arrives(std::vector<std::string>{"", "a"});
  expect_arrives(std::vector<std::vector<double>>{{}, {1.5}});
  expect_arrives(std::array<int, 3>{1, 2, 3});
  expect_arrives(std::map<std::string, std::vector<int>>{{"a", {1}}, {"b", {}}});
  expect_arrives(std::unordered_map<int, std::string>{{1, "one"}, {2, "two"}});
  expect_arrives(std::set<std::string>{"a", "b"});
  expect_arrives(std::unordered_set<int>{3, 1, 2});
  expect_arrives(std::pair<int, std::string>{1, "one"});
  expect_arrives(std::tuple<int, double, std::string>{1, 2.5, "three"});
}

TEST(Serialise, OptionalsAndVariants) {
  expect_arrives(std::optional<int>{5});
  expect_arrives(std::optional<int>{});
  expect_arrives(weft::runtime::Timeout(std::chrono::seconds(5)));
  expect_arrives(weft::runtime::Timeout());
  expect_arrives(std::optional<std::optional<int>>{std::optional<int>{}});
  expect_arrives(std::variant<int, std::string>{"text"});
  expect_arrives(std::variant<std::monostate, int>{});
}

TEST(Serialise, TypesOfOnesOwn) {
  expect_arrives(shapes::Polygon{
      "triangle", shapes::Colour::green, {{1, 2}, {3, 4}, {5, 6}}, shapes::Point{3, 4}});
  expect_arrives(std::vector<shapes::Point>{{1, 2}});
  expect_arrives(std::map<int, shapes::Polygon>{{1, {}}});
}

TEST(Serialise, WhatIsNoneIsRefused) {
  EXPECT_THROW(from_bytes<bool>(Bytes{std::byte{2}}), SerialiseError);
  EXPECT_THROW((from_bytes<std::variant<int, bool>>(to_bytes(std::tuple(2U, 0)))), SerialiseError);
  // More elements than there can be: refused before there is room for them.
  EXPECT_THROW(from_bytes<std::vector<int>>(to_bytes(0xffff'ffffU)), SerialiseError);
  EXPECT_THROW(from_bytes<std::string>(to_bytes(0xffff'ffffU)), SerialiseError);
  EXPECT_THROW((from_bytes<std::map<int, int>>(to_bytes(0xffff'ffffU))), SerialiseError);
}

// Whatever the bytes are, reading ends, and if it reads something that is such a value.
TEST(Serialise, RandomBytesAreReadOrRefused) {
  using Value =
      std::map<std::string, std::variant<std::vector<std::uint16_t>, std::optional<bool>>>;
  std::mt19937 random(5);
  int refused = 0;
  for (int i = 0; i < 3000; ++i) {
    Bytes bytes(random() % 64);
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(random() % 4);
    try {
      const Value value = from_bytes<Value>(bytes);
      EXPECT_TRUE(from_bytes<Value>(to_bytes(value)) == value);
    } catch (const SerialiseError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 0);
}

static_assert(mp::Sendable<shapes::Polygon>);
static_assert(mp::Sendable<std::vector<std::map<int, shapes::Point>>>);
static_assert(!mp::Sendable<int*>);
static_assert(!mp::Sendable<std::vector<int*>>);
static_assert(!mp::Sendable<std::function<void()>>);

}  // namespace
