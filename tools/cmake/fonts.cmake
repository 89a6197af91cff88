# lode_fonts(): the faces of PDF reports, taken into the program as they are. fonts-liberation2 of Debian 12 is what
# tools/pins names; another version works, and a PDF has other bytes then.
# SPDX-License-Identifier: Apache-2.0
find_path(LODE_FONTS LiberationSans-Regular.ttf
  PATHS /usr/share/fonts/truetype/liberation2 /usr/share/fonts/truetype/liberation /usr/share/fonts/liberation-fonts
        /usr/share/fonts/liberation NO_DEFAULT_PATH DOC "The folder of LiberationSans-Regular.ttf and its sisters")
set(LODE_FONT_HASHES
  Sans-Regular=8d91388f1d3604b3b8ae0e3ee2d140e50cd6122f9214514f4aca772540a4076d
  Sans-Bold=ba0e0dc3f7aca5b0afbc31e800531ee43be3aa79ae35b2ef1f6470a9547765c4
  Mono-Regular=6b3809450cf6253b36d157198dc15004a5fbade9abad5543c377feb7bb29139c)

function(lode_fonts out)
  if(NOT LODE_FONTS)
    message(FATAL_ERROR "The fonts of PDF reports are missing: LiberationSans-Regular.ttf was looked for under "
      "/usr/share/fonts. Run tools/setup, or name their folder: -DLODE_FONTS=FOLDER")
  endif()
  set(text "// Generated; do not edit.\n#include \"lode/core/report/pdf/fonts.h\"\n")
  string(APPEND text "extern \"C\" {\n")
  foreach(face Sans-Regular Sans-Bold Mono-Regular)
    string(MAKE_C_IDENTIFIER lode_font_${face} name)
    string(APPEND text "extern const char ${name}[];\nextern const char ${name}_end[];\n")
  endforeach()
  string(APPEND text "}\n")
  foreach(pin IN LISTS LODE_FONT_HASHES)
    string(REGEX MATCH "^([A-Za-z-]+)=(.*)$" matched ${pin})
    set(face ${CMAKE_MATCH_1})
    set(pinned ${CMAKE_MATCH_2})
    set(file ${LODE_FONTS}/Liberation${face}.ttf)
    file(SHA256 ${file} hash)
    if(NOT hash STREQUAL pinned)
      message(STATUS "${file} is not the one of Debian 12: PDF reports will have other bytes")
    endif()
    string(MAKE_C_IDENTIFIER lode_font_${face} name)
    string(APPEND text "asm(\".section .rodata\\n.hidden ${name}\\n.global ${name}\\n${name}:\\n.incbin \\\"${file}\\\"\\n"
      ".hidden ${name}_end\\n.global ${name}_end\\n${name}_end:\\n.byte 0\\n.previous\\n\");\n")
  endforeach()
  string(APPEND text "std::string_view lode::report::font_bytes(Face face) {\n"
    "  const auto bytes = [](const char* from, const char* end) {\n"
    "    return std::string_view(from, static_cast<std::size_t>(end - from));\n  };\n"
    "  return face == Face::kSans ? bytes(lode_font_Sans_Regular, lode_font_Sans_Regular_end)\n"
    "         : face == Face::kBold ? bytes(lode_font_Sans_Bold, lode_font_Sans_Bold_end)\n"
    "                               : bytes(lode_font_Mono_Regular, lode_font_Mono_Regular_end);\n}\n")
  set(path ${CMAKE_BINARY_DIR}/generated/fonts.cpp)
  file(CONFIGURE OUTPUT ${path} CONTENT "${text}" @ONLY)
  set(${out} ${path} PARENT_SCOPE)
endfunction()
