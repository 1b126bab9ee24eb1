// What a point, a record and a look at the clock cost.
#include "measure.h"

#include <atomic>

#include "weft/platform/clock.h"
#include "weft/runtime/internal/thread.h"
#include "weft/runtime/point.h"
#include "weft/runtime/session.h"
#include "weft/trace/trace.h"

namespace {

using namespace weft;
using bench::nanoseconds_each;
using bench::report;

constexpr int kCount = 200'000;
constexpr int kRecordsBeforeReading = 2048;  // a ring holds four times as many slots

std::atomic<std::uint32_t> stop{0};

/// The ring's reader, on the writer's thread: what the reader costs is not the writer's price.
void read_all(const trace::Directory& directory) {
  for (std::uint32_t i = 0; i < directory.ring_count.load(); ++i) {
    trace::RecordRing& ring = *directory.rings[i].load();
    ring.release(ring.unread().count);
  }
}

template <class Note>
double record_cost(const trace::Directory& directory, Note note) {
  return nanoseconds_each(kCount, [&](int count) {
    for (int i = 0; i < count; ++i) {
      if (i % kRecordsBeforeReading == 0) read_all(directory);
      note();
    }
  });
}

void measure_points(runtime::Object& object) {
  report("point, nothing plugged in",
         nanoseconds_each(10 * kCount,
                          [&](int count) {
                            for (int i = 0; i < count; ++i) {
                              runtime::point(trace::Kind::lock_acquire, object);
                              runtime::record(trace::Kind::lock_acquire, object);
                              bench::keep(i);
                            }
                          }) /
             2,
         "ns");
  report("reading the clock",
         nanoseconds_each(kCount,
                          [&](int count) {
                            for (int i = 0; i < count; ++i) bench::keep(platform::clock_now());
                          }),
         "ns");
}

void measure_records(runtime::Object& object) {
  static trace::Directory directory;
  trace::Trace trace(directory, stop);
  const runtime::Session session({&trace, &stop});
  report("record with time",
         record_cost(directory, [&] { runtime::record(trace::Kind::lock_acquire, object); }), "ns");
  report("record with exact time",
         record_cost(directory, [&] { runtime::record_exactly(trace::Kind::task_start, object); }),
         "ns");
  report("console line of 40 bytes",
         record_cost(directory,
                     [&] {
                       runtime::record_payload(trace::Kind::console, trace::kConsoleObject, 0, 0,
                                               "0123456789012345678901234567890123456789");
                     }),
         "ns");
}

}  // namespace

int main() {
  runtime::Object object(trace::ObjectType::lock);
  measure_points(object);
  measure_records(object);
}
