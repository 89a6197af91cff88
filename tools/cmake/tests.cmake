# lode_tests(): every test that is not a module's own: stories, tidy, the tools' own tests, and the sanitized twin of each
# unit-test program. One ctest run over the release folder so covers everything.
# SPDX-License-Identifier: Apache-2.0
find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)

set(LODE_SANITIZED "" CACHE PATH "Build folder of the sanitized unit tests, run as asan.<module>; empty leaves them out")

# A test that runs `python3 tools/<script>`.
function(lode_tool_test name script)
  add_test(NAME ${name} COMMAND Python3::Interpreter -B ${CMAKE_SOURCE_DIR}/tools/${script} ${ARGN}
           WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES TIMEOUT 300)
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
    set_tests_properties(story.${name} PROPERTIES SKIP_RETURN_CODE 77 COST 50 TIMEOUT 600 LABELS story)
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
    add_test(NAME asan.${module} COMMAND ${LODE_SANITIZED}/bin/${test} --gtest_brief=1
             WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    # Long ones first, so that two of them do not end the run alone. detect_stack_use_after_return stays off: g++ 12 aligns
    # its fake frames to 32 bytes, and a 64-byte vector kept there faults (GCC bug 110027, mended in 13.3). The engine
    # allocates much: two frames of each allocation's stack and 16 MB of freed memory kept aside take a third off the time.
    # Run the program by hand for the whole stack.
    set_tests_properties(asan.${module} PROPERTIES LABELS asan COST 100 TIMEOUT 900 ENVIRONMENT
      "ASAN_OPTIONS=detect_stack_use_after_return=0:strict_string_checks=1:malloc_context_size=2:quarantine_size_mb=16;UBSAN_OPTIONS=print_stacktrace=1")
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
