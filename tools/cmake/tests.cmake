# lode_tests(): every test that is not a module's own: stories, tidy, the tools' own tests, and the sanitized twin of each
# unit-test program. One ctest run over the release folder so covers everything.
# SPDX-License-Identifier: Apache-2.0
find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)

set(LODE_SANITIZED "" CACHE PATH "Build folder of the sanitized unit tests, run as asan.<module>; empty leaves them out")

# Lakes of tests sync to the disk thousands of times: in memory that is free. unit.io_lake stays on the disk, so that one
# program at least sees a real file system.
set(memory_disk "")
if(IS_DIRECTORY /dev/shm)
  execute_process(COMMAND df --output=fstype,avail -k /dev/shm OUTPUT_VARIABLE found ERROR_QUIET)
  if(found MATCHES "tmpfs +([0-9]+)" AND CMAKE_MATCH_1 GREATER 4000000)
    set(memory_disk /dev/shm)
  endif()
endif()
set(LODE_TEST_FOLDER "${memory_disk}" CACHE PATH "Where tests make their folders; empty = the system's temporary folder")

# Seconds of work of the tests that take some, in both builds: ctest starts the longest first, so that none of them ends
# the run alone. A program in several parts ("flow:3") runs as so many tests, which share its cases.
set(LODE_TEST_COSTS asan.flow:4=75 asan.io_lake:2=24 error_pages=17 asan.core_expr=16 unit.io_lake=16
    unit.io_queue=12 asan.io_queue=12
    asan.core_evaluate=14 story.real_data=10 examples=8 asan.core_synth=6 story.look_ahead=6 story.terminal=6
    story.demo_lake=6 story.output=5 story.runs=5 unit.core_evaluate=10 tool.setup=5 tidy=4)

# The parts and the cost of one part of test `name`: 1 and 1 where LODE_TEST_COSTS has no line.
function(lode_test_cost name parts cost)
  set(${parts} 1 PARENT_SCOPE)
  set(${cost} 1 PARENT_SCOPE)
  foreach(line IN LISTS LODE_TEST_COSTS)
    if(line MATCHES "^([a-z_.]+)(:([0-9]+))?=([0-9]+)$" AND CMAKE_MATCH_1 STREQUAL name)
      set(found_parts 1)
      if(CMAKE_MATCH_3)
        set(found_parts ${CMAKE_MATCH_3})
      endif()
      set(${parts} ${found_parts} PARENT_SCOPE)
      math(EXPR each "(${CMAKE_MATCH_4} + ${found_parts} - 1) / ${found_parts}")
      set(${cost} ${each} PARENT_SCOPE)
    endif()
  endforeach()
endfunction()

# What every test has: its cost, and a folder for what it makes.
function(lode_test_properties name cost)
  set_tests_properties(${name} PROPERTIES COST ${cost} ${ARGN})
  if(LODE_TEST_FOLDER AND NOT name MATCHES "^unit\\.io_lake")
    set_property(TEST ${name} APPEND PROPERTY ENVIRONMENT "TMPDIR=${LODE_TEST_FOLDER}")
  endif()
endfunction()

# <kind>.<module>, or <kind>.<module>.1, .2 ... where it has parts.
function(lode_unit_test kind module program)
  lode_test_cost(${kind}.${module} parts cost)
  foreach(part RANGE 1 ${parts})
    set(name ${kind}.${module})
    set(shard "")
    if(parts GREATER 1)
      string(APPEND name .${part})
      math(EXPR index "${part} - 1")
      set(shard GTEST_TOTAL_SHARDS=${parts} GTEST_SHARD_INDEX=${index})
    endif()
    add_test(NAME ${name} COMMAND ${program} --gtest_brief=1 WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    lode_test_properties(${name} ${cost} LABELS ${kind} TIMEOUT 900)
    set_property(TEST ${name} APPEND PROPERTY ENVIRONMENT ${shard} ${ARGN})
  endforeach()
endfunction()

# A test that runs `python3 tools/<script>`.
function(lode_tool_test name script)
  add_test(NAME ${name} COMMAND Python3::Interpreter -B ${CMAKE_SOURCE_DIR}/tools/${script} ${ARGN}
           WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  lode_test_cost(${name} parts cost)
  lode_test_properties(${name} ${cost} TIMEOUT 300)
endfunction()

# test/story/<name>.story runs as story.<name>. Exit code 77 is a counted skip whose reason is printed.
function(lode_story_tests)
  file(GLOB stories CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/test/story/*.story)
  if(NOT TARGET lode)
    return()
  endif()
  foreach(story IN LISTS stories)
    get_filename_component(name ${story} NAME_WE)
    lode_tool_test(story.${name} story.py --lode $<TARGET_FILE:lode> ${story})
    set_tests_properties(story.${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600 LABELS story)
  endforeach()
endfunction()

# tools/<name>_test.py runs as tool.<name>.
function(lode_tools_own_tests)
  file(GLOB tests CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/tools ${CMAKE_SOURCE_DIR}/tools/*_test.py)
  foreach(test IN LISTS tests)
    string(REGEX REPLACE "_test\\.py$" "" name ${test})
    lode_tool_test(tool.${name} ${test})
  endforeach()
endfunction()

# build/dev/bin/<module>_test runs as asan.<module>: same tests, AddressSanitizer and UBSan in.
function(lode_sanitized_tests)
  get_property(tests GLOBAL PROPERTY LODE_UNIT_TESTS)
  foreach(test IN LISTS tests)
    string(REGEX REPLACE "_test$" "" module ${test})
    # detect_stack_use_after_return stays off: g++ 12 aligns its fake frames to 32 bytes, and a 64-byte vector kept there
    # faults (GCC bug 110027, mended in 13.3). The engine allocates much: two frames of each allocation's stack and 16 MB
    # of freed memory kept aside take a third off the time. Run the program by hand for the whole stack.
    lode_unit_test(asan ${module} ${LODE_SANITIZED}/bin/${test}
      "ASAN_OPTIONS=detect_stack_use_after_return=0:strict_string_checks=1:malloc_context_size=2:quarantine_size_mb=16"
      "UBSAN_OPTIONS=print_stacktrace=1")
  endforeach()
endfunction()

function(lode_tests)
  if(NOT LODE_TESTS)
    return()
  endif()
  get_property(tests GLOBAL PROPERTY LODE_UNIT_TESTS)
  add_custom_target(unit_tests DEPENDS ${tests})
  if(LODE_SANITIZE)
    return()
  endif()
  lode_tool_test(tidy tidy.py)
  add_test(NAME format COMMAND ${CMAKE_SOURCE_DIR}/tools/lint --format-check WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  lode_tools_own_tests()
  lode_story_tests()
  if(LODE_SANITIZED)
    lode_sanitized_tests()
  endif()
  if(TARGET lode)
    lode_tool_test(docs docs.py --check --lode $<TARGET_FILE:lode>)
    lode_tool_test(examples examples.py --lode $<TARGET_FILE:lode>)
    lode_tool_test(error_pages error_pages.py --lode $<TARGET_FILE:lode>)
  endif()
endfunction()
