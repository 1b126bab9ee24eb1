"""Writes a test for each example in the headers of one module.

    extract.py MODULE FILE   MODULE: a folder of src/weft, or "other" for what is in none of MODULES
    extract.py --missing     names the public classes that have no example

CONTRIBUTING.md says what an example may assume and how it is written.
"""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools/dev"))
from public_headers import EXCEPT_FROM_EXAMPLES, INSIDE, SOURCE, Block, blocks, public_headers  # noqa: E402

MODULES = ("threading", "queue", "futures", "multiprocessing")

# What begins a declaration at namespace scope; it goes on until a line that neither is indented nor closes it.
DECLARATION = re.compile(r"(inline|template|class|struct|static_assert|concept)\b|\w+ \w+\([^[]*\) \{")
THROWS = re.compile(r"(?P<code>.*;)\s+// throws (?P<error>[\w:]+)")
VALUE = re.compile(r'(?P<code>.*;)\s+// (?P<value>-?\d+(\.\d+)?|"[^"]*"|true|false)')
VARIABLE = re.compile(r"const [\w:<>]+ (\w+) = ")


def split(code: list[str]) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """The declarations and the statements of an example, each line with its number."""
    declarations: list[tuple[int, str]] = []
    statements: list[tuple[int, str]] = []
    to = statements
    for number, line in enumerate(code):
        if line and not line.startswith((" ", "}")):
            to = declarations if DECLARATION.match(line) else statements
        to.append((number, line))
    return declarations, statements


def checked(line: str) -> str:
    """The statement, and what its comment says of it as a check."""
    if throws := THROWS.fullmatch(line):
        code, error = throws["code"], throws["error"]
        return f'try {{ {code} ADD_FAILURE() << "does not throw {error}"; }} catch (const {error}&) {{}}'
    if says := VALUE.fullmatch(line):
        code, value = says["code"], says["value"]
        if variable := VARIABLE.match(code):
            return f"{code} EXPECT_TRUE({variable[1]} == {value});"
        return f"EXPECT_TRUE(({code.removesuffix(';')}) == {value});"
    return line


def declared(line: str) -> str:
    """The line of a declaration; a main() gets another name, as only the program's own needs no return."""
    return re.sub(r"^int main\(\)", "inline void example_main()", line)


def written(block: Block, suite: str) -> str:
    first, code = block.example()  # type: ignore[misc]  # the caller has looked
    declarations, statements = split(code)

    def at(lines: list[tuple[int, str]]) -> list[str]:
        """The lines, each as the header's line that it is."""
        return [part for number, line in lines for part in (f'#line {first + number} "src/{block.header}"', line)]

    name = f"{Path(block.header).stem}_{first}"
    out = [f"namespace {block.namespace} {{", f"namespace example_{name} {{", "using namespace assumed;", *at([(n, declared(line)) for n, line in declarations])]
    if any(line for _, line in statements):
        out += [f"TEST({suite}, {name}) {{", *at([(n, checked(line)) for n, line in statements]), "}"]
    return "\n".join([*out, "}", "}", ""])


def is_of(header: str, module: str) -> bool:
    own = header.split("/")[1].removesuffix(".h")
    return own == module if module in MODULES else own not in MODULES


def extract(module: str) -> str:
    headers = sorted(str(path.relative_to(SOURCE)) for path in SOURCE.glob("weft/**/*.h"))
    tests = [written(block, f"Examples_{module}")
             for header in headers if is_of(header, module) for block in blocks(header) if block.example()]
    if not tests:
        sys.exit(f"extract.py: there is no example in the headers of {module}")
    return '#include "examples/assumed.h"\n\n' + "\n".join(tests)


def missing() -> list[str]:
    return [f"src/{header}:{block.line}: {block.declares} has no Example:"
            for header in public_headers() for block in blocks(header)
            if block.kind in ("class", "struct", "concept") and not block.indented and not block.specialises
            and not block.namespace.endswith("detail") and block.declares not in INSIDE | EXCEPT_FROM_EXAMPLES
            and not block.example()]


def main(arguments: list[str]) -> None:
    if arguments == ["--missing"]:
        if found := missing():
            sys.exit("\n".join(found))
    elif len(arguments) == 2 and arguments[0] in (*MODULES, "other"):
        Path(arguments[1]).write_text(extract(arguments[0]))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
