# Writes the code version: a hash over every product source under lode/, so that a stored run names the code that made it,
# with or without git. Run at each build as `cmake -DROOT=... -DOUT=... -DVERSION=... -P version.cmake`; the file is touched
# only when the hash changes.
# SPDX-License-Identifier: Apache-2.0
file(GLOB_RECURSE files ${ROOT}/lode/*.cpp ${ROOT}/lode/*.h ${ROOT}/lode/*.def)
list(FILTER files EXCLUDE REGEX "_(test|bench)\\.cpp$")
list(SORT files)
set(all "")
foreach(file IN LISTS files)
  file(SHA256 ${file} hash)
  string(APPEND all "${hash}\n")
endforeach()
string(SHA256 code "${all}")
string(SUBSTRING ${code} 0 12 code)
set(text "// Generated; do not edit.\n#pragma once\n#define LODE_VERSION \"${VERSION}\"\n#define LODE_CODE_VERSION \"${code}\"\n")
set(old "")
if(EXISTS ${OUT})
  file(READ ${OUT} old)
endif()
if(NOT old STREQUAL text)
  file(WRITE ${OUT} "${text}")
endif()
