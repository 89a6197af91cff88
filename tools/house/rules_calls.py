"""Rules of words and calls: what core/ may not do, and what nobody may; each names its replacement.

SPDX-License-Identifier: Apache-2.0
"""

import re
from dataclasses import dataclass

LIBM = ("exp|exp2|expm1|log|log2|log10|log1p|pow|sqrt|cbrt|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|asinh|acosh|"
        "atanh|erf|erfc|tgamma|lgamma|hypot")


@dataclass(frozen=True)
class Ban:
    rule: str
    pattern: str
    what: str
    remedy: str
    where: str = "all"  # all | product (no tests) | core (no tests) | header
    but: tuple = ()  # Paths (prefixes) it does not hold for.


BANS = [
    # What makes core/ answer differently on another day or machine.
    Ban("pure-clock", r"\bstd::chrono::(?:system|steady|high_resolution)_clock|\bclock_gettime\b|\bgettimeofday\b|"
        r"(?<![\w.:>])time\s*\(\s*(?:NULL|nullptr|0)?\s*\)|(?<![\w.:>])clock\s*\(\s*\)|#\s*include\s*<c?time(?:\.h)?>",
        "core reads a clock", "take a Time as an argument; flow/ reads world.clock", "core"),
    Ban("pure-file", r"\bstd::[io]?fstream\b|\bstd::filesystem\b|\bfopen\s*\(|#\s*include\s*<(?:fstream|filesystem)>|"
        r"(?<![\w:>])::(?:open|openat|mmap)\s*\(|\bmmap\s*\(", "core touches a file", "take bytes or values; io/ reads and flow/ passes them on",
        "core"),
    Ban("pure-socket", r"(?<![\w.:>])(?:::)?(?:socket|recvfrom|sendto|getaddrinfo)\s*\(|#\s*include\s*<sys/socket", "core opens a socket",
        "io/net does; core takes the bytes", "core"),
    Ban("pure-environment", r"\b(?:std::)?(?:secure_)?getenv\b|\bsetenv\b|\benviron\b", "core reads the environment",
        "take an option with a default; base/config reads the environment", "core"),
    Ban("pure-output", r"\bstd::(?:cout|cerr|clog)\b|\b(?:std::)?(?:printf|fprintf|puts|fputs)\s*\(|\bfmt::print\b",
        "core prints", "return the value or the text; a door prints it", "core"),
    Ban("pure-thread", r"\bstd::(?:thread|jthread|async|future|promise|condition_variable)\b|\bpthread_\w+|\btbb::",
        "core starts a thread", "take a Pool& (lode/base/pool.h)", "core"),
    Ban("pure-sum-order", r"\bstd::(?:reduce|transform_reduce|execution)\b", "a reduction without a fixed order",
        "a plain loop, or std::accumulate: the order of a sum is part of its result", "product"),
    Ban("libm", rf"\bstd::(?:{LIBM})[fl]?\s*\(|(?<![\w.:>])::(?:{LIBM})[fl]?\s*\(|\b__builtin_(?:{LIBM})\b",
        "libm differs in bits between machines", "lode::math (lode/base/math.h)", "product", ("lode/base/math",)),
    Ban("random", r"\bstd::random_device\b|(?<![\w.:>])(?:std::)?s?rand\s*\(", "randomness that is global",
        "Random with a seed (lode/base/random.h)"),
    Ban("random", r"\bstd::(?:mt19937\w*|default_random_engine|\w+_distribution|shuffle|sample)\b|#\s*include\s*<random>",
        "random numbers that differ between libraries", "Random with a seed (lode/base/random.h)", "product"),
    # What nobody calls.
    Ban("parse-number", r"\b(?:std::)?(?:atof|atoi|atoll?|strtod|strtof|strtoll?|strtoull?|sscanf)\s*\(|\bstd::sto(?:[dfil]|ld|ll|ul|ull)\s*\(",
        "a parser that obeys the locale or accepts half a number", "parse_double or parse_int (lode/base/text.h)", "product"),
    Ban("print-number", r"\b(?:std::)?v?sn?printf\s*\(|\bstd::to_string\s*\(\s*(?:\w+\.)*\d+\.",
        "text by a path that obeys the locale", "fmt::format, shortest, fixed (lode/base/text.h)", "product"),
    Ban("calendar-call", r"\b(?:std::)?(?:gmtime|localtime|mktime|timegm|strftime|strptime|asctime|ctime)(?:_r)?\s*\(",
        "the C library's calendar", "lode/base/time.h; zones: lode/market/calendar.h"),
    Ban("process", r"(?<![\w.:>])(?:std::)?system\s*\(|\bpopen\s*\(|(?<![\w.:>])v?fork\s*\(|(?<![\w.:>])execv?p?e?\s*\(",
        "a shell or a copy of this process", "call the library; a test that needs a process is a story (test/README.md)", "product"),
    Ban("regex", r"\bstd::(?:basic_)?regex\b|#\s*include\s*<regex>|\bregcomp\s*\(",
        "a matcher whose time can explode on foreign text", "a small hand-written scanner (see lode/base/text.h)"),
    Ban("assert", r"(?<![\w.:>])assert\s*\(|#\s*include\s*<(?:cassert|assert\.h)>", "an assertion that release builds drop",
        "LODE_ASSERT (lode/base/assert.h)"),
    Ban("throw", r"\bthrow\b(?!\s+std::bad_alloc)", "an exception of our own", "return fail(...) with a number of error.def; LODE_ASSERT for our own faults",
        "product"),
    Ban("nan", r"\bNAN\b|\b__builtin_nan\w*\s*\(|\bstd::nanf?\s*\(", "a NaN by macro or text", "std::numeric_limits<T>::quiet_NaN()", "product"),
    Ban("fast-math", r"\b(?:ffast-math|fassociative-math)\b|#\s*pragma\s+(?:GCC\s+optimize|omp)\b|__attribute__\s*\(\(\s*optimize",
        "flags that change the bits", "nothing: numbers are the same everywhere"),
    Ban("locale", r"\bstd::locale\b|\bsetlocale\s*\(|\.imbue\s*\(", "a locale", "none: texts and numbers are spelled the same everywhere"),
    Ban("using-namespace", r"\busing\s+namespace\s+std\b", "a whole library's names at once", "write std::"),
    Ban("using-namespace", r"^\s*using\s+namespace\b", "names given to everyone who includes this", "name what is used", "header"),
    Ban("stdout", r"\bstd::(?:cout|cerr|clog)\b|(?<![\w:.>])(?:std::)?(?:printf|puts|putchar)\s*\(|\bfmt::print\s*\(\s*(?!stderr|\w+\s*,)",
        "output from inside", "return it; only a door (lode/app) prints", "product", ("lode/app/", "lode/base/assert")),
    Ban("toml-switch", r"^\s*#\s*define\s+TOML_\w+", "a switch of toml++ in one file: files with different ones crash together",
        "tools/cmake/toolchain.cmake sets it for all"),
    Ban("unsafe-copy", r"(?<![\w.:>])(?:std::)?(?:strcpy|strcat|strncpy|gets|alloca)\s*\(", "a copy without a bound", "std::string, std::span"),
]

COMPILED = [(ban, re.compile(ban.pattern, re.MULTILINE)) for ban in BANS]


def _holds(ban, file, module):
    if file.path.startswith(ban.but):
        return False
    if ban.where == "core":
        return module is not None and module.is_core and not file.is_test
    if ban.where == "product":
        return not file.is_test
    if ban.where == "header":
        return file.suffix == ".h"
    return True


def check(tree):
    for file in tree.ours:
        module = tree.module_of(file)
        for ban, pattern in COMPILED:
            if not _holds(ban, file, module):
                continue
            for match in pattern.finditer(file.reading.code):
                start = match.start() + len(match.group()) - len(match.group().lstrip())
                yield file.finding(file.line_of(start), ban.rule, f"'{match.group().strip()}': {ban.what}", ban.remedy)
