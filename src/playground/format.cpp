#include "playground/format.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "playground/process/control.h"
#include "weft/platform/process_table.h"
#include "weft/trace/kinds.h"
#include "weft/trace/record_ring.h"

namespace weft::playground {
namespace {

struct Member {
  std::string_view name;
  std::uint64_t number;
};

std::string to_text(std::uint64_t number) { return std::to_string(number); }

/// Builder for the declarations of one module.
class Module {
 public:
  explicit Module(std::string_view header)
      : text_("// Generated from " + std::string(header) +
              " by src/playground/format.cpp: not to be edited.\n") {}

  Module& constant(std::string_view comment, std::string_view name, std::uint64_t number) {
    return declare(comment, name, to_text(number));
  }
  Module& text(std::string_view comment, std::string_view name, std::string_view value) {
    return declare(comment, name, "'" + std::string(value) + "'");
  }
  Module& list(std::string_view comment, std::string_view name,
               std::initializer_list<std::uint64_t> numbers) {
    std::string body;
    for (const std::uint64_t number : numbers) body += (body.empty() ? "" : ", ") + to_text(number);
    return declare(comment, name, "[" + body + "] as const");
  }
  Module& object(std::string_view comment, std::string_view name,
                 std::initializer_list<Member> members) {
    std::string body = "{\n";
    for (const Member& member : members) {
      body += "  " + std::string(member.name) + ": " + to_text(member.number) + ",\n";
    }
    return declare(comment, name, body + "} as const");
  }
  /// An object of that name, and a type of the same name: the union of its values.
  Module& enumeration(std::string_view comment, std::string_view name,
                      std::initializer_list<Member> members) {
    object(comment, name, members);
    const std::string type(name);
    text_ += "export type " + type + " = (typeof " + type + ")[keyof typeof " + type + "];\n";
    return *this;
  }
  std::string str() const { return text_; }

 private:
  Module& declare(std::string_view comment, std::string_view name, std::string_view value) {
    text_ += "\n/** " + std::string(comment) + " */\nexport const " + std::string(name) + " = " +
             std::string(value) + ";\n";
    return *this;
  }

  std::string text_;
};

constexpr std::uint64_t word_of(std::uint64_t byte) { return byte / 4; }

}  // namespace

#define WEFT_MEMBER(name, number, ...) {#name, number},
#define WEFT_KIND(name) static_cast<std::uint64_t>(Kind::name),

std::string trace_module() {
  using namespace trace;
  constexpr RecordRing::Layout kRing = RecordRing::layout();
  return Module("src/weft/trace")
      .constant("Of rings and files.", "formatVersion", kFormatVersion)
      .enumeration("What a record says.", "Kind", {WEFT_TRACE_KINDS(WEFT_MEMBER)})
      .constant("Records of kinds from here on are followed by a payload.", "firstKindWithPayload",
                kFirstWithPayload)
      .enumeration("What a thread waits for: the detail of a `blocked` record.", "Reason",
                   {WEFT_TRACE_REASONS(WEFT_MEMBER)})
      .enumeration("The detail of an `object_name` record.", "ObjectType",
                   {WEFT_TRACE_OBJECT_TYPES(WEFT_MEMBER)})
      .enumeration("The detail of a `thread_end` record.", "ThreadEnd",
                   {WEFT_TRACE_THREAD_ENDS(WEFT_MEMBER)})
      .enumeration("How a wait ended: the detail of an `unblocked` record.", "Unblocked",
                   {WEFT_TRACE_UNBLOCKED(WEFT_MEMBER)})
      .enumeration("The detail of a `gil_release` record.", "GilRelease",
                   {WEFT_TRACE_GIL_RELEASES(WEFT_MEMBER)})
      .enumeration("What simulated work stands for: the argument of a `work_begin` record.", "Work",
                   {WEFT_TRACE_WORKS(WEFT_MEMBER)})
      .list("Kinds whose argument has in its upper half the string id of a place in the source.",
            "kindsWithWhere", {WEFT_TRACE_KINDS_WITH_WHERE(WEFT_KIND)})
      .constant(
          "Objects that several processes share have numbers from here on, the same in each of "
          "them; their sequence numbers run on from process to process.",
          "firstSharedObject", kFirstSharedObject)
      .constant("Bytes of a record. A payload fills whole slots of that size after it.",
                "slotBytes", kSlotBytes)
      .object("Words of a record, from its first; little endian.", "recordWord",
              {{"timeLow", word_of(offsetof(Record, time))},
               {"timeHigh", word_of(offsetof(Record, time)) + 1},
               {"argumentLow", word_of(offsetof(Record, argument))},
               {"argumentHigh", word_of(offsetof(Record, argument)) + 1},
               {"object", word_of(offsetof(Record, object))},
               {"sequence", word_of(offsetof(Record, sequence))},
               {"detail", word_of(offsetof(Record, detail))},
               {"kindAndThread", word_of(offsetof(Record, detail)) + 1}})
      .constant("First word of a directory: \"WTRC\".", "directoryMagic", Directory::kMagic)
      .object("Words of the directory of a process's rings.", "directoryWord",
              {{"magic", word_of(offsetof(Directory, magic))},
               {"version", word_of(offsetof(Directory, version))},
               {"process", word_of(offsetof(Directory, process))},
               {"ringCapacity", word_of(offsetof(Directory, ring_capacity))},
               {"ringLimit", word_of(offsetof(Directory, ring_limit))},
               {"ringCount", word_of(offsetof(Directory, ring_count))},
               {"firstRing", word_of(offsetof(Directory, rings))}})
      .object("Words of a ring.", "ringWord",
              {{"head", word_of(kRing.head)},
               {"tail", word_of(kRing.tail)},
               {"dropped", word_of(kRing.dropped)},
               {"backlog", word_of(kRing.backlog)},
               {"slots", word_of(kRing.slots)}})
      .text("First bytes of a file, before its version in one digit.", "fileMagic", kFileMagic)
      .str();
}

std::string machine_module() {
  using namespace platform;
  namespace table = process_table;
  return Module("src/playground/process/control.h and src/weft/platform/process_table.h")
      .constant("First word of a Control block: \"WEFT\".", "controlMagic", Control::kMagic)
      .constant("Of the Control block.", "controlVersion", Control::kVersion)
      .constant("Bytes of a Control block.", "controlBytes", sizeof(Control))
      .object("Bytes from the start of a Control block.", "controlField",
              {{"magic", offsetof(Control, magic)},
               {"version", offsetof(Control, version)},
               {"state", offsetof(Control, state)},
               {"go", offsetof(Control, go)},
               {"stop", offsetof(Control, stop)},
               {"status", offsetof(Control, status)},
               {"directory", offsetof(Control, directory)},
               {"mailbox", offsetof(Control, mailbox)},
               {"mailboxCapacity", offsetof(Control, mailbox_capacity)},
               {"mailboxLength", offsetof(Control, mailbox_length)},
               {"origin", offsetof(Control, origin)},
               {"process", offsetof(Control, process)},
               {"begun", offsetof(Control, begun)},
               {"workers", offsetof(Control, workers)},
               {"slot", offsetof(Control, slot)}})
      .object("The state word of a Control block.", "CoreState",
              {{"booting", Control::kBooting},
               {"ready", Control::kReady},
               {"running", Control::kRunning},
               {"ended", Control::kEnded}})
      .constant("First word of the shared memory: \"WFSH\".", "sharedMagic", table::kMagic)
      .constant("Of the process table.", "sharedVersion", table::kVersion)
      .constant("Slots of the process table.", "processSlots", table::kSlots)
      .object("Bytes from the start of the shared memory.", "sharedHeader",
              {{"magic", table::header::kMagic},
               {"version", table::header::kVersion},
               {"size", table::header::kSize},
               {"events", table::header::kEvents},
               {"origin", table::header::kOrigin},
               {"dying", table::header::kDying},
               {"workers", table::header::kWorkers},
               {"workerLimit", table::header::kWorkerLimit},
               {"bytes", table::header::kBytes}})
      .object("Bytes from the start of a slot.", "slotField",
              {{"state", table::slot::kState},
               {"number", table::slot::kNumber},
               {"exitCode", table::slot::kExitCode},
               {"killed", table::slot::kKilled},
               {"inside", table::slot::kInside},
               {"signal", table::slot::kSignal},
               {"processId", table::slot::kProcessId},
               {"failure", table::slot::kFailure},
               {"failureText", table::slot::kFailureText}})
      .constant("Bytes of a slot.", "slotBytes", table::slot::kBytes)
      .constant("Bytes of a slot's failure text.", "maxFailureText", table::slot::kMaxFailureText)
      .object("The state word of a slot.", "SlotState",
              {{"free", table::kFree},
               {"requested", table::kRequested},
               {"starting", table::kStarting},
               {"accepted", table::kAccepted},
               {"running", table::kRunning},
               {"ended", table::kEnded},
               {"reaped", table::kReaped},
               {"failed", table::kFailed}})
      .str();
}

#undef WEFT_KIND
#undef WEFT_MEMBER

}  // namespace weft::playground
