#include "demos/kit/demo.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <numeric>
#include <string>

#include "demos/kit/random.h"
#include "demos/kit/time.h"
#include "weft/threading/barrier.h"
#include "weft/threading/guard.h"
#include "weft/threading/lock.h"
#include "weft/threading/thread.h"

namespace weft::demos::deadlock {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "deadlock",
              .topic = "deadlocks",
              .title = {"Deadlock", "死锁"},
              .summary = {"Each clerk holds the lock of one account and waits for the lock of "
                          "another, which is held by someone who waits, too. Nobody will ever go "
                          "on. Two cures: a fixed order, and giving way after a timeout.",
                          "每个柜员都握着一个账户的锁，同时在等另一个账户的锁，而那把锁的持有者也在"
                          "等。谁也走不下去了。两种解法：固定的加锁顺序，以及超时后退避。"}}) {}

  Choice cure =
      choice("cure",
             {{"none", {"None", "无"}},
              {"order", {"The same order for all", "统一加锁顺序"}},
              {"timeout", {"Timeout, give way, try again", "超时退避后重试"}}},
             "none", {"Cure", "解法"},
             {"None: first the account to take from, then the one to give to. Order: first the "
              "account that comes first in the alphabet. Timeout: who waits too long for the "
              "second lock gives the first one back.",
              "无：先锁转出账户，再锁转入账户。统一顺序：先锁字母靠前的账户。"
              "超时：等第二把锁太久的，先释放第一把。"});
  Integer clerks = counts_threads(
      integer("clerks", {2, 12}, 2, {"Clerks", "柜员数"},
              {"Each has an account and moves money to the next one's; the last one's goes to "
               "the first. As many accounts as clerks.",
               "每个柜员有一个账户，向下一个柜员的账户转钱；最后一个转给第一个。"
               "账户数与柜员数相同。"},
              {"threads", "个"}));
  Integer transfers =
      integer("transfers", {1, 100}, 5, {"Transfers", "转账次数"},
              {"How often each clerk moves money.", "每个柜员转几次账。"}, {"times", "次"});
  Boolean meet =
      boolean("meet", true, {"Meet for sure", "必定相遇"},
              {"At the first transfer, every clerk waits until all hold one lock. Without it "
               "luck decides. With a fixed order it can't happen, and is left out.",
               "第一次转账时，每个柜员都等到大家各持一把锁再继续。关掉之后全凭运气。"
               "统一顺序下不可能出现这种局面，因此不起作用。"});
  Real hold_ms = real("hold_ms", {0, 1000}, 5, {"Time between the locks", "两把锁之间的间隔"},
                      {"How long a clerk holds the first lock before it asks for the second.",
                       "柜员拿到第一把锁后，隔多久再去拿第二把。"},
                      {"ms", "毫秒"});
  Real timeout_ms =
      only_when(cure, "timeout",
                real("timeout_ms", {0, 10'000}, 30, {"Timeout", "超时"},
                     {"How long a clerk waits for the second lock.", "等第二把锁最多等多久。"},
                     {"ms", "毫秒"}));
  Real pause_ms =
      only_when(cure, "timeout",
                real("pause_ms", {0, 10'000}, 20, {"Pause", "退避的停顿"},
                     {"How long a clerk that gave way pauses, on average: between nothing and "
                      "twice as long, at random.",
                      "退避时平均停多久：在零到两倍之间随机取值。"},
                     {"ms", "毫秒"}));
  Integer seed = only_when(cure, "timeout", random_seed());

  Result transfers_result = result("transfers", {"Transfers", "转账次数"});
  Result retries = result("retries", {"Times that a clerk gave way", "退避的次数"});
  Result elapsed_ms = result("elapsed_ms", {"Time", "用时"}, {"ms", "毫秒"});

  Check money = check("money", {"No money was lost or made", "钱没有变多，也没有变少"});
} demo;

using threading::Guard;

constexpr std::int64_t kBalance = 1000;

struct Account {
  explicit Account(std::size_t number_)
      : number(number_), lock("account " + std::string(1, letter())) {}

  char letter() const { return static_cast<char>('A' + number); }

  const std::size_t number;
  threading::Lock lock;
  std::int64_t balance = kBalance;  // guarded by lock
};

/// Clerks in a ring: each transfers money from its own account to that of the next one.
struct Bank {
  Bank(const Params& params, Run& run_)
      : run(run_),
        hold_ms(params[demo.hold_ms]),
        timeout_ms(params[demo.timeout_ms]),
        pause_ms(params[demo.pause_ms]),
        all_hold_one(static_cast<std::int32_t>(params[demo.clerks]), "all hold one") {
    for (std::size_t i = 0; i < params.count(demo.clerks); ++i) accounts.emplace_back(i);
  }

  Run& run;
  const double hold_ms;
  const double timeout_ms;
  const double pause_ms;
  std::deque<Account> accounts;
  threading::Barrier all_hold_one;
  std::atomic<std::int64_t> retries{0};
};

struct Transfer {
  Account& from;
  Account& to;
  bool meets;  // waits until every clerk holds one lock
};

void move_money(const Transfer& transfer) {
  transfer.from.balance -= 1;
  transfer.to.balance += 1;
}

void between_the_locks(Bank& bank, const Transfer& transfer) {
  if (transfer.meets) bank.all_hold_one.wait();
  do_ms("transfer", bank.hold_ms);
}

/// As one writes it without a second thought: first the account to take from.
void transfer_naively(Bank& bank, const Transfer& transfer) {
  const Guard first(transfer.from.lock);
  between_the_locks(bank, transfer);
  const Guard second(transfer.to.lock);
  move_money(transfer);
}

/// Everybody takes locks in the same order, so nobody can hold one that somebody before him wants.
void transfer_in_order(Bank& bank, const Transfer& transfer) {
  const auto [low, high] = std::minmax(transfer.from.number, transfer.to.number);
  const Guard first(bank.accounts[low].lock);
  do_ms("transfer", bank.hold_ms);
  const Guard second(bank.accounts[high].lock);
  move_money(transfer);
}

/// False if the second lock could not be had in time; then the first is given back.
bool try_transfer(Bank& bank, const Transfer& transfer) {
  const Guard first(transfer.from.lock);
  between_the_locks(bank, transfer);
  if (!transfer.to.lock.acquire(true, milliseconds(bank.timeout_ms))) return false;
  move_money(transfer);
  transfer.to.lock.release();
  return true;
}

/// Whoever waits too long gives way. The pause is random: else all would meet again.
void transfer_with_timeout(Bank& bank, Transfer transfer, Random& random) {
  while (!try_transfer(bank, transfer)) {
    transfer.meets = false;
    ++bank.retries;
    bank.run.mark(threading::current_thread_name() + " gives way");
    wait_ms("pause", random.spread(bank.pause_ms, 100));
  }
}

void work(Bank& bank, const Params& params, std::size_t number) {
  const std::string& cure = params[demo.cure];
  const std::int64_t transfers = params[demo.transfers];
  Random random(static_cast<std::uint64_t>(params[demo.seed]) * 1000 + number);
  Account& from = bank.accounts[number];
  Account& to = bank.accounts[(number + 1) % bank.accounts.size()];
  for (std::int64_t i = 1; i <= transfers; ++i) {
    const Transfer transfer{from, to, i == 1 && params[demo.meet]};
    if (cure == "order") {
      transfer_in_order(bank, transfer);
    } else if (cure == "timeout") {
      transfer_with_timeout(bank, transfer, random);
    } else {
      transfer_naively(bank, transfer);
    }
    bank.run.print(threading::current_thread_name(), "moved 1 from", std::string(1, from.letter()),
                   "to", std::string(1, to.letter()) + ",", i, "of", transfers);
  }
}

void run(const Params& params, Run& run) {
  const std::size_t clerks = params.count(demo.clerks);
  Bank bank(params, run);
  for (std::size_t i = 0; i < clerks; ++i) {
    run.print("clerk-" + to_text(i + 1), "moves money from",
              std::string(1, bank.accounts[i].letter()), "to",
              std::string(1, bank.accounts[(i + 1) % clerks].letter()));
  }

  const runtime::Time start = runtime::Clock::now();
  std::deque<threading::Thread> threads;
  for (std::size_t i = 0; i < clerks; ++i) {
    threads.emplace_back([&bank, &params, i] { work(bank, params, i); }, "clerk-" + to_text(i + 1));
    threads.back().start();
  }
  for (auto& thread : threads) thread.join();

  run.result(demo.elapsed_ms, milliseconds_since(start));
  run.result(demo.transfers_result, static_cast<std::int64_t>(clerks) * params[demo.transfers]);
  run.result(demo.retries, bank.retries.load());
  std::int64_t sum = 0;
  for (const Account& account : bank.accounts) sum += account.balance;
  run.check(demo.money, sum == kBalance * static_cast<std::int64_t>(clerks));
  run.print("all transfers are done, the accounts hold", sum, "in all");
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::deadlock
