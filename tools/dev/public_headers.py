"""The public headers of the library, and what they declare: for the reference and the tests of the examples.

Public is what the headers of modules include (weft.h and those it includes), and what cmake/public_headers.cmake
lists for who schedules a run or reads a trace. What lies in a folder internal/, in platform or in ipc is not.
"""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"

# Classes that public headers need and users do not name: the reference leaves them out.
INSIDE = {
    "Completion", "ResultState", "ResultJob", "CallJob", "MapJob", "MapState", "ResultStream", "ItemSource",
    "StreamLimits", "StreamJob", "StreamChunk", "EntryBase", "ProcessClassBase", "SemaphoreState", "OptionalLock",
    "ManagerClient", "PoolInitializer", "Serialiser", "SerialiserOfSet", "SerialiserOfMap", "Completed", "Waitable", "Directory",
}
# What several classes have in common; each of these has its own example.
EXCEPT_FROM_EXAMPLES = {"AnyLock", "AnyQueue", "AcquirerProxy", "HeldObject", "LevelObject"}
# Headers that are not public, and declare what the reference needs: bases of public classes, and Archive.
BELOW = ("weft/ipc/archive.h", "weft/queue/internal/blocking_queue.h", "weft/multiprocessing/internal/manager_client.h")


def includes(header: str) -> list[str]:
    """The headers of the library that this one includes; all as weft/….h."""
    return re.findall(r'^#include "(weft/[^"]+)"', (SOURCE / header).read_text(), re.MULTILINE)


def is_inside(header: str) -> bool:
    return "/internal/" in header or header.startswith(("weft/platform/", "weft/ipc/"))


def public_headers() -> list[str]:
    umbrella = "weft/weft.h"
    found = [umbrella]
    for header in includes(umbrella):
        found.append(header)
        if (SOURCE / header).with_suffix("").is_dir():  # the header of a module
            found += includes(header)
    listed = (ROOT / "cmake/public_headers.cmake").read_text()
    listed = re.search(r"set\(WEFT_PUBLIC_HEADERS(.*?)\)", re.sub(r"#.*", "", listed), re.DOTALL)[1]
    found += [f"weft/{name}.h" for name in listed.split()]
    return sorted({header for header in found if not is_inside(header)})


@dataclass
class Block:
    """A comment of consecutive lines that begin with ///, and the declaration below it."""

    header: str
    line: int  # of its first line
    lines: list[str]  # without the slashes
    indented: bool  # inside of a class
    namespace: str
    kind: str  # "class", "struct", "concept", "enum class", "enum" or ""
    declares: str  # its name, or ""
    specialises: bool

    def example(self) -> tuple[int, list[str]] | None:
        """The line that the code begins in, and the code."""
        for index, line in enumerate(self.lines):
            if line == " Example:":
                code = self.lines[index + 1:]
                end = next((i for i, one in enumerate(code) if one and not one.startswith("     ")), len(code))
                return self.line + index + 1, [one[5:] for one in code[:end]]
        return None


DECLARED = re.compile(
    r"(class|struct|concept|enum class|enum)\s+(?:\[\[\w+\]\]\s+)?(?:alignas\(\w+\)\s+)?(\w+)\b(<)?(?!.*[;}]$)")


def blocks(header: str) -> list[Block]:
    """The documented declarations of a header, and the classes without a comment, in their order."""
    found = []
    namespace = ""
    comment: list[str] = []
    start = 0
    template: int | None = None  # the column of a template's head, which may take more lines
    for number, line in enumerate((SOURCE / header).read_text().splitlines(), 1):
        text = line.strip()
        if opened := re.match(r"namespace ([\w:]+) \{", line):
            namespace = opened[1] if not namespace else f"{namespace}::{opened[1]}"
        elif closed := re.match(r"\}  // namespace ([\w:]+)", line):
            namespace = namespace.removesuffix(closed[1]).removesuffix("::")
        if text.startswith("///") and not text.startswith("///<"):
            if not comment:
                start = number
            comment.append(text[3:])
            continue
        column = len(line) - len(line.lstrip())
        if text.startswith("template <"):
            template = column
        elif template is None or column <= template:
            declared = DECLARED.match(text)
            kind, named, specialises = declared.groups() if declared else ("", "", None)
            if comment or (named and not line.startswith(" ")):
                found.append(Block(header, start if comment else number, comment, line.startswith(" "), namespace,
                                   kind, named, bool(specialises)))
            comment = []
            template = None
    return found


def main() -> None:
    """Prints what the Doxyfile leaves open."""
    inputs = [f"src/{header}" for header in sorted({*public_headers(), *BELOW})]
    print("INPUT =", " ".join(["docs/reference/main.md", *inputs]))
    print("EXCLUDE_SYMBOLS =", " ".join(["*::detail", "*::detail::*", *(f"*::{name}" for name in sorted(INSIDE))]))


if __name__ == "__main__":
    main()
