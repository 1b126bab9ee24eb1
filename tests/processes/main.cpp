#include <gtest/gtest.h>

#include "weft/multiprocessing/child.h"

// GoogleTest's own main() with a first line for the processes that the tests start.
int main(int argc, char** argv) {
  weft::multiprocessing::freeze_support();
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
