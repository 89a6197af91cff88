# Writes OUT: the first C++ block of PAGE, an example that shall compile as it stands there. Run as
# `cmake -DPAGE=docs/user-indicators.md -DOUT=psy.cpp -P example.cmake`.
# SPDX-License-Identifier: Apache-2.0
file(READ ${PAGE} text)
string(FIND "${text}" "```cpp\n" begin)
if(begin EQUAL -1)
  message(FATAL_ERROR "${PAGE} has no C++ block")
endif()
math(EXPR begin "${begin} + 7")
string(SUBSTRING "${text}" ${begin} -1 text)
string(FIND "${text}" "\n```" end)
math(EXPR end "${end} + 1")
string(SUBSTRING "${text}" 0 ${end} text)
file(WRITE ${OUT} "${text}")
