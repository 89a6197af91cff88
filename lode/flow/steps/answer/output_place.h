// Where a command writes what -o names: judged before anything is computed. One rule for every command: a file that
// Lode wrote is replaced, so that the same command runs again; a file of the user's is replaced only when told to
// (UX-34).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lode/flow/flow.h"

namespace lode::flow {

// -o and --yes, as every verb that writes a file takes them. `summary` says what -o writes.
std::vector<Parameter> output_parameters(std::string_view summary, bool is_required = false);

// Judges the path that `option` names, for a file that a command writes: E0004 when it is empty or a folder, lies in a
// lake, or is a file that another option of the request reads or writes; E0008 when the folder it would stand in does
// not exist.
Result<void> check_place(const World& world, const Request& request, std::string_view option, std::string_view example);

// Judges the path in `option`, where one was given, as check_place; E0006 when a file stands there
// that Lode did not write or somebody changed since (is_own()), and neither --yes nor whoever can be asked consents. An
// empty file, a device and a pipe hold nothing to lose. Lode makes no folders on the way to a file of the user's.
// `example` is a file's name for the help.
Result<void> check_output(const World& world, const Request& request, std::string_view example = "values.csv",
                          std::string_view option = "output");

// Marks the files in `output` and `pdf` as Lode's, once they are written: run_flow() does so for every flow.
void keep_output(const Request& request);

}  // namespace lode::flow
