# lode_catalog(): the catalog of an extension point, made from its folder at configure time. Growing is adding one file;
# there is no list to edit.
# SPDX-License-Identifier: Apache-2.0
#
# Arguments: KIND FOLDER HEADER TYPE QUALIFIED OUT. Every .cpp in a family folder of FOLDER (tests and benchmarks aside)
# must define `const TYPE& lode::KIND_<stem>()`, or `KIND_<family>_<stem>()` where QUALIFIED is on. Files in FOLDER itself
# or below its steps/ are what the entries share. The generated source defines `lode::KIND_catalog()`; OUT receives its path.
function(lode_catalog kind folder header type qualified out)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/${folder} ${CMAKE_SOURCE_DIR}/${folder}/*.cpp)
  list(FILTER files EXCLUDE REGEX "_(test|bench)\\.cpp$")
  list(FILTER files INCLUDE REGEX "/")
  list(FILTER files EXCLUDE REGEX "^steps/")
  list(SORT files)
  set(declarations "")
  set(rows "")
  foreach(file IN LISTS files)
    get_filename_component(stem ${file} NAME_WE)
    get_filename_component(family ${file} DIRECTORY)
    if(qualified)
      string(REPLACE "/" "_" family ${family})
      set(name "${kind}_${family}_${stem}")
    else()
      set(name "${kind}_${stem}")
    endif()
    string(APPEND declarations "const ${type}& ${name}();\n")
    string(APPEND rows "      &${name}(),\n")
  endforeach()
  set(path ${CMAKE_BINARY_DIR}/generated/${kind}_catalog.cpp)
  set(text "// Generated from ${folder}; do not edit.\n#include \"${header}\"\n\n#include <span>\n#include <vector>\n\nnamespace lode {\n\n${declarations}\nstd::span<const ${type}* const> ${kind}_catalog() {\n  static const std::vector<const ${type}*> rows = {\n${rows}  };\n  return rows;\n}\n\n}  // namespace lode\n")
  file(CONFIGURE OUTPUT ${path} CONTENT "${text}" @ONLY)
  set(${out} ${path} PARENT_SCOPE)
endfunction()

# lode_error_numbers(): the numbers of the error register as a header, made at configure time. It changes only when a
# number comes or goes, so that mending a text compiles one file and not the whole house.
function(lode_error_numbers)
  set(register ${CMAKE_SOURCE_DIR}/lode/base/error.def)
  set_property(DIRECTORY ${CMAKE_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${register})
  file(READ ${register} text)
  string(REGEX MATCHALL "LODE_ERROR\\([0-9]+," rows "${text}")
  list(TRANSFORM rows REPLACE "LODE_ERROR\\(([0-9]+)," "LODE_ERROR_NUMBER(\\1)\n")
  list(JOIN rows "" numbers)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/numbers/lode_error_numbers.h
       CONTENT "// Generated from lode/base/error.def; do not edit.\n${numbers}" @ONLY)
endfunction()
