#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

TEST(Canary, Crashes) {
  std::thread thread([] { throw std::runtime_error("nobody catches this"); });
  thread.join();
}
