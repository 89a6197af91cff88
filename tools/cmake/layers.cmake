# lode_modules(): reads LAYERS and makes, for each line, the static library lode_<module> and (where the module has
# *_test.cpp) the test program <module>_test, with '/' turned into '_'. A module links what LAYERS lets it include.
# SPDX-License-Identifier: Apache-2.0
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)

# Third-party libraries behind the headers of LAYERS' second column.
function(lode_third_party target module)
  target_link_libraries(${target} PUBLIC fmt::fmt Threads::Threads)
  if(module STREQUAL "base")
    target_link_libraries(${target} PRIVATE sleef tbb crypto)
  elseif(module STREQUAL "market")
    target_link_libraries(${target} PRIVATE date-tz)
  elseif(module MATCHES "^core/(stat|expr|indicator|evaluate)$")
    target_link_libraries(${target} PRIVATE hwy)
  elseif(module STREQUAL "core/report")
    target_link_libraries(${target} PRIVATE z)
  elseif(module STREQUAL "io/net")
    target_link_libraries(${target} PRIVATE curl ssl crypto z)
  elseif(module STREQUAL "io/lake")
    target_link_libraries(${target} PRIVATE sqlite3 zstd dl)
    target_compile_definitions(${target} PRIVATE LODE_DUCKDB_BUILD_PATH="${CMAKE_SOURCE_DIR}/.deps/duckdb/libduckdb.so")
  elseif(module STREQUAL "io/queue")
    target_link_libraries(${target} PRIVATE sqlite3)
  elseif(module STREQUAL "io/arrow")
    target_link_libraries(${target} PRIVATE nanoarrow)
  elseif(module STREQUAL "io/source")
    target_link_libraries(${target} PRIVATE z simdjson)
  elseif(module STREQUAL "flow")
    # The code version every run records (tools/cmake/version.cmake).
    add_custom_target(lode_version BYPRODUCTS ${CMAKE_BINARY_DIR}/generated/lode_version.h
      COMMAND ${CMAKE_COMMAND} -DROOT=${CMAKE_SOURCE_DIR} -DOUT=${CMAKE_BINARY_DIR}/generated/lode_version.h
              -DVERSION=${PROJECT_VERSION} -P ${CMAKE_SOURCE_DIR}/tools/cmake/version.cmake)
    add_dependencies(${target} lode_version)
    target_include_directories(${target} PRIVATE ${CMAKE_BINARY_DIR}/generated)
  endif()
endfunction()

function(lode_module_catalogs module out)
  set(generated "")
  if(module STREQUAL "core/expr")
    lode_catalog(operator lode/core/expr/ops "lode/core/expr/operator.h" expr::Operator OFF path)
    list(APPEND generated ${path})
  elseif(module STREQUAL "core/indicator")
    lode_catalog(indicator lode/core/indicator/names "lode/core/indicator/indicator.h" indicator::Family OFF path)
    list(APPEND generated ${path})
  elseif(module STREQUAL "core/factor")
    # The factor libraries, one file each.
    set(path ${CMAKE_BINARY_DIR}/generated/library_catalog.cpp)
    file(GLOB libraries CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/lode/core/factor/libraries/*.tsv)
    add_custom_command(OUTPUT ${path} DEPENDS ${libraries} ${CMAKE_SOURCE_DIR}/tools/cmake/libraries.cmake
      COMMAND ${CMAKE_COMMAND} -DFOLDER=${CMAKE_SOURCE_DIR}/lode/core/factor/libraries -DOUT=${path}
              -P ${CMAKE_SOURCE_DIR}/tools/cmake/libraries.cmake)
    list(APPEND generated ${path})
  elseif(module STREQUAL "io/source")
    lode_catalog(source lode/io/source/sources "lode/io/source/collect/source.h" source::Source ON path)
    list(APPEND generated ${path})
  elseif(module STREQUAL "core/report")
    lode_fonts(path)
    list(APPEND generated ${path})
  elseif(module STREQUAL "flow")
    lode_catalog(flow lode/flow "lode/flow/flow.h" Flow ON path)
    list(APPEND generated ${path})
  elseif(module STREQUAL "app/cli")
    # The guides of docs/, for `lode docs`.
    set(path ${CMAKE_BINARY_DIR}/generated/guides.cpp)
    file(GLOB guides CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/docs/*.md ${CMAKE_SOURCE_DIR}/docs/decisions/*.md
         ${CMAKE_SOURCE_DIR}/docs/coming-from/*.md ${CMAKE_SOURCE_DIR}/docs/libraries/*.md
         ${CMAKE_SOURCE_DIR}/docs/operators/README.md ${CMAKE_SOURCE_DIR}/docs/indicators/README.md)
    add_custom_command(OUTPUT ${path} DEPENDS ${guides} ${CMAKE_SOURCE_DIR}/tools/cmake/guides.cmake
      COMMAND ${CMAKE_COMMAND} -DFOLDER=${CMAKE_SOURCE_DIR}/docs -DOUT=${path}
              -P ${CMAKE_SOURCE_DIR}/tools/cmake/guides.cmake)
    list(APPEND generated ${path})
  endif()
  set(${out} ${generated} PARENT_SCOPE)
endfunction()

# What most files open with is parsed once, into precompiled headers: the standard library and fmt for the product, gtest
# and gmock too for tests. (A command's file: 5.7 s -> 2.1 s, sanitized.) Only headers from outside stand in it, so that a file which
# leaves out one of ours still does not compile. A carrier an optimisation level: gcc refuses a header made at another.
set(LODE_OPENING <algorithm> <array> <cmath> <cstdint> <filesystem> <functional> <map> <memory> <optional> <set> <span>
    <string> <string_view> <utility> <variant> <vector> <fmt/format.h> <tl/expected.hpp>)

# Test code is compiled for the compiler's time, not the machine's: less optimised than the product it links.
set(LODE_TEST_OPTIONS $<IF:$<BOOL:${LODE_SANITIZE}>,-O0,-O1>)

# Sanitized, modules that move text and files rather than numbers compile in half the time without optimisation, and run
# fast enough. Those with vector lanes are not watched for use after scope: each temporary register would be poisoned and
# freed, at twice the compile time. (g++ 12 then warns of std::string's own bounds, wrongly.) Nor are their pointers asked
# whether they are null, aligned and large enough: AddressSanitizer and the CPU stop at a wrong one too, and the questions
# were a third of the compile time.
set(LODE_NUMBER_MODULES "^(base|market|core/(stat|expr|indicator|factor|synth|evaluate))$")
set(LODE_LANE_MODULES "^core/(stat|expr|indicator|evaluate)$")

function(lode_opening name)
  cmake_parse_arguments(PARSE_ARGV 1 opening "" "" "OPTIONS;HEADERS")
  # A program for programs, a library for libraries: gcc refuses the header to code of another kind (-fPIE, -fPIC).
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/opening.cpp CONTENT "int main() {}\n")
  if(name MATCHES "test")
    add_executable(${name} EXCLUDE_FROM_ALL ${CMAKE_BINARY_DIR}/generated/opening.cpp)
  else()
    add_library(${name} STATIC EXCLUDE_FROM_ALL ${CMAKE_BINARY_DIR}/generated/opening.cpp)
  endif()
  target_compile_options(${name} PRIVATE ${opening_OPTIONS})
  target_link_libraries(${name} PRIVATE fmt::fmt Threads::Threads)
  target_precompile_headers(${name} PRIVATE ${opening_HEADERS})
endfunction()

function(lode_openings)
  lode_opening(lode_opening HEADERS ${LODE_OPENING})
  if(LODE_SANITIZE)
    lode_opening(lode_opening_plain OPTIONS -O0 HEADERS ${LODE_OPENING})
  endif()
  if(LODE_TESTS)
    lode_opening(lode_opening_test OPTIONS ${LODE_TEST_OPTIONS} HEADERS ${LODE_OPENING} <gmock/gmock.h> <gtest/gtest.h>)
  endif()
endfunction()

# The options and the opening of a module's library.
function(lode_compilation target module)
  target_compile_options(${target} PRIVATE -Winvalid-pch)
  if(LODE_SANITIZE AND NOT module MATCHES "${LODE_NUMBER_MODULES}")
    target_compile_options(${target} PRIVATE -O0)
    target_precompile_headers(${target} REUSE_FROM lode_opening_plain)
    return()
  endif()
  if(LODE_SANITIZE AND module MATCHES "${LODE_LANE_MODULES}")
    target_compile_options(${target} PRIVATE -fno-sanitize-address-use-after-scope
                           -fno-sanitize=null,alignment,object-size -Wno-array-bounds)
  endif()
  target_precompile_headers(${target} REUSE_FROM lode_opening)
endfunction()

# The libraries that crash tests preload; they stand beside their programs, and never have a sanitizer in.
function(lode_fault_shims)
  foreach(path test/fault/fault_shim.cpp test/fault/memory_shim.cpp)
    get_filename_component(shim ${path} NAME_WE)
    add_library(lode_${shim} MODULE ${path})
    target_compile_options(lode_${shim} PRIVATE -fno-sanitize=all)
    target_link_options(lode_${shim} PRIVATE -fno-sanitize=all)
    set_target_properties(lode_${shim} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
  endforeach()
endfunction()

# Modules whose unit tests `make test` runs from the release build too: those that compute (each vector target; the product's
# own optimisation) and those that meet the disk. The others' tests run sanitized, their release code in the stories;
# `make long` runs them all in both.
set(LODE_RELEASE_TESTED "^(base|market|core_(stat|expr|indicator|factor|synth|evaluate)|io_(lake|queue))$")

# The indicator that docs/user-indicators.md writes, compiled as it stands there, for user_indicator_test.cpp.
function(lode_user_indicator target)
  set(folder ${CMAKE_BINARY_DIR}/generated/example)
  set(path ${folder}/lode/core/indicator/names/momentum/psy.cpp)
  set(page ${CMAKE_SOURCE_DIR}/docs/user-indicators.md)
  add_custom_command(OUTPUT ${path} DEPENDS ${page} ${CMAKE_SOURCE_DIR}/tools/cmake/example.cmake
    COMMAND ${CMAKE_COMMAND} -DPAGE=${page} -DOUT=${path} -P ${CMAKE_SOURCE_DIR}/tools/cmake/example.cmake)
  target_sources(${target} PRIVATE ${path})
  target_include_directories(${target} PRIVATE ${folder})
  target_link_libraries(${target} PRIVATE hwy)
endfunction()

# The test program and the benchmark program of a module. A benchmark checks its own answer; among the tests it runs once,
# at its small size.
function(lode_module_tests flat tests benches)
  if(tests)
    add_executable(${flat}_test ${tests})
    target_link_libraries(${flat}_test PRIVATE lode_${flat} gtest gmock gtest_main)
    if(flat MATCHES "^core_(expr|indicator)$")
      target_link_libraries(${flat}_test PRIVATE rapidcheck)
    endif()
    if(flat STREQUAL "io_queue")
      lode_fault_shims()
    endif()
    if(flat STREQUAL "core_indicator")
      lode_user_indicator(${flat}_test)
    endif()
    if(flat MATCHES "^(io_queue|flow)$")
      add_dependencies(${flat}_test lode_fault_shim lode_memory_shim)
    endif()
    target_compile_options(${flat}_test PRIVATE ${LODE_TEST_OPTIONS} -Winvalid-pch)
    target_precompile_headers(${flat}_test REUSE_FROM lode_opening_test)
    set_target_properties(${flat}_test PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
    set_property(GLOBAL APPEND PROPERTY LODE_UNIT_TESTS ${flat}_test)
    if(LODE_SANITIZE OR flat MATCHES "${LODE_RELEASE_TESTED}")
      lode_unit_test(unit ${flat} $<TARGET_FILE:${flat}_test>)
    else()
      set_target_properties(${flat}_test PROPERTIES EXCLUDE_FROM_ALL ON)
    endif()
  endif()
  if(benches AND NOT LODE_SANITIZE)
    add_executable(${flat}_bench ${benches})
    target_link_libraries(${flat}_bench PRIVATE lode_${flat} benchmark benchmark_main)
    set_target_properties(${flat}_bench PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
    add_test(NAME bench.${flat} COMMAND ${flat}_bench --benchmark_filter=/small --benchmark_min_time=0.001
             WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(bench.${flat} PROPERTIES LABELS bench TIMEOUT 600)
  endif()
endfunction()

function(lode_module module deps)
  string(REPLACE "/" "_" flat ${module})
  file(GLOB_RECURSE all CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/lode/${module}/*.cpp)
  set(tests ${all})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  set(sources ${all})
  list(FILTER sources EXCLUDE REGEX "(_test|_bench|/main)\\.cpp$")
  set(benches ${all})
  list(FILTER benches INCLUDE REGEX "_bench\\.cpp$")
  if(NOT sources)
    return()
  endif()
  lode_module_catalogs(${module} generated)
  add_library(lode_${flat} STATIC ${sources} ${generated})
  target_include_directories(lode_${flat} PUBLIC ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated/numbers)
  lode_third_party(lode_${flat} ${module})
  lode_compilation(lode_${flat} ${module})
  foreach(dep IN LISTS deps)
    string(REPLACE "/" "_" flat_dep ${dep})
    if(TARGET lode_${flat_dep})
      target_link_libraries(lode_${flat} PUBLIC lode_${flat_dep})
    endif()
  endforeach()
  if(LODE_TESTS)
    lode_module_tests(${flat} "${tests}" "${benches}")
  endif()
endfunction()

function(lode_modules)
  lode_error_numbers()
  lode_openings()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/LAYERS)
  file(STRINGS ${CMAKE_SOURCE_DIR}/LAYERS lines REGEX "^[a-z]")
  set(ground "")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "\\|.*" "" line "${line}")
    string(REGEX MATCH "^[a-z/]+" module "${line}")
    string(REGEX REPLACE "^[a-z/]+:" "" deps "${line}")
    separate_arguments(deps UNIX_COMMAND "${deps}")
    list(APPEND deps ${ground})
    lode_module(${module} "${deps}")
    if(module STREQUAL "base" OR module STREQUAL "market")
      list(PREPEND ground ${module})
    endif()
  endforeach()
endfunction()
