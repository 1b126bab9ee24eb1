// A process's memory is its own: whatever another one writes, its digest stays the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <random>
#include <vector>

#include "weft/multiprocessing/connection.h"
#include "weft/multiprocessing/process.h"

namespace {

namespace mp = weft::multiprocessing;

// At the same place of the program in each process.
std::array<std::uint32_t, 1 << 18> block;
thread_local std::array<std::uint32_t, 1 << 10> own_block;

void fill(std::uint32_t seed) {
  std::mt19937 random(seed);
  std::ranges::generate(block, random);
  std::ranges::generate(own_block, random);
}

// FNV-1a.
std::uint64_t digest() {
  std::uint64_t hash = 14695981039346656037U;
  const auto add = [&hash](std::uint32_t word) { hash = (hash ^ word) * 1099511628211U; };
  std::ranges::for_each(block, add);
  std::ranges::for_each(own_block, add);
  return hash;
}

const mp::Entry bystander("isolation.bystander", [](mp::Connection connection, std::uint32_t seed) {
  fill(seed);
  connection.send(digest());
  connection.recv<bool>();  // meanwhile others write
  connection.send(digest());
});

// Everything that it can get hold of.
const mp::Entry vandal("isolation.vandal", [](std::uint32_t seed) {
  std::mt19937 random(seed);
  for (int round = 0; round < 4; ++round) {
    std::ranges::generate(block, random);
    std::ranges::generate(own_block, random);
    std::vector<std::unique_ptr<std::vector<std::uint32_t>>> heap;
    for (int i = 0; i < 8; ++i) {
      heap.push_back(std::make_unique<std::vector<std::uint32_t>>(1 << 18));
      std::ranges::generate(*heap.back(), random);
    }
    std::array<volatile std::uint32_t, 1 << 12> stack{};
    for (auto& word : stack) word = static_cast<std::uint32_t>(random());
  }
});

const mp::Entry crash("isolation.crash", [] {
  fill(0);
  std::abort();
});

TEST(Isolation, WhatOthersWriteChangesNothing) {
  fill(1);
  const std::uint64_t own = digest();
  std::vector<mp::Connection> connections;
  std::vector<mp::Process> bystanders;
  std::vector<std::uint64_t> digests;
  for (std::uint32_t seed = 2; seed < 4; ++seed) {
    auto [here, there] = mp::Pipe();
    bystanders.emplace_back(bystander, there, seed).start();
    digests.push_back(here.recv<std::uint64_t>());
    connections.push_back(here);
  }
  EXPECT_NE(digests[0], digests[1]);
  std::vector<mp::Process> vandals;
  for (std::uint32_t seed = 100; seed < 103; ++seed) vandals.emplace_back(vandal, seed).start();
  for (mp::Process& process : vandals) {
    process.join();
    EXPECT_EQ(process.exitcode(), 0);
  }
  mp::Process crashed(crash);
  crashed.start();
  crashed.join();
  EXPECT_LT(crashed.exitcode().value(), 0);
  for (std::size_t i = 0; i < connections.size(); ++i) {
    connections[i].send(true);
    EXPECT_EQ(connections[i].recv<std::uint64_t>(), digests[i]);
  }
  EXPECT_EQ(digest(), own);
}

}  // namespace
