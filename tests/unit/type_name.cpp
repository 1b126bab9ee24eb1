#include "weft/platform/type_name.h"

#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "weft/queue/errors.h"

struct InNoNamespace {};

namespace weft::test {

struct InNamespace {
  struct Inner {};
};

namespace {

using platform::type_name;

struct OfThisFile {};

TEST(TypeName, IsWrittenAsInCpp) {
  EXPECT_EQ(type_name(typeid(InNoNamespace)), "InNoNamespace");
  EXPECT_EQ(type_name(typeid(InNamespace)), "weft::test::InNamespace");
  EXPECT_EQ(type_name(typeid(InNamespace::Inner)), "weft::test::InNamespace::Inner");
  EXPECT_EQ(type_name(typeid(OfThisFile)), "weft::test::(anonymous namespace)::OfThisFile");
  EXPECT_EQ(type_name(typeid(queue::Full)), "weft::queue::Full");
  EXPECT_EQ(type_name(typeid(std::out_of_range)), "std::out_of_range");
}

TEST(TypeName, TemplatesAndTypesWithinFunctionsCanBeRecognised) {
  struct Local {};
  EXPECT_NE(type_name(typeid(std::vector<int>)).find("vector"), std::string::npos);
  EXPECT_NE(type_name(typeid(Local)).find("Local"), std::string::npos);
}

}  // namespace
}  // namespace weft::test
