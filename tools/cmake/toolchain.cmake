# Compiler, linker and flags. The number flags are part of the product: the same bits on every machine.
# SPDX-License-Identifier: Apache-2.0
find_program(LODE_CCACHE ccache)
if(LODE_CCACHE)
  # The sloppiness is what ccache needs to store files that use a precompiled header. Paths count from the checkout, so
  # that another one (a worktree, a clean clone) finds what this one compiled.
  set(LODE_CCACHE_HERE CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1)
  set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${LODE_CCACHE_HERE} ${LODE_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER env ${LODE_CCACHE_HERE} ${LODE_CCACHE})
endif()
# The system linker: mold 1.10 at times lays out a RELRO segment that the loader cannot protect, and such a program does not start.

set(CMAKE_CXX_FLAGS_RELEASE "-O2")
set(CMAKE_C_FLAGS_RELEASE "-O2")
add_compile_options(-Wall -Wextra -Wconversion -Wshadow -Wno-missing-field-initializers -ffp-contract=off -fno-math-errno -fvisibility=hidden
                    -fstack-protector-strong)
# toml++ is compiled into each file that includes it: two files with different switches make one broken program.
add_compile_definitions(TOML_EXCEPTIONS=0)
if(LODE_WERROR)
  add_compile_options(-Werror)
endif()
if(LODE_SANITIZE)
  # -O1 keeps the sanitized product inside its time; both sanitizers stop at the first finding.
  set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")
  set(CMAKE_C_FLAGS_DEBUG "-O1 -g1")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()
