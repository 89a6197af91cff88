// Unchanged: answers by which a source says that nothing changed (304 Not Modified).
//
// Such an answer stands for the body that is stored, so that body is read again out of the archive, as if it had come
// whole at that moment: a cursor that counts days moves as it would have, and rows that are not there come back. io/net
// knows an address's validators; the books know which body they belong to. They are told of a body once its rows are
// committed, never before, so that a process that ends in between asks for all of it again.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "lode/flow/steps/collect/answer.h"
#include "lode/flow/steps/collect/books.h"

namespace lode::flow {

// What the request may be answered by "nothing changed" for: the books name a stored body and the archive holds it.
// Nothing when it must be asked in full.
std::optional<StoredAnswer> asked_for_changes(const Ask& ask, const Books& books, const Archive& archive);

// False when the 304 names another body than the stored one: somebody else stored an answer of the address meanwhile.
bool stands_for(const StoredAnswer& stored, const HttpHeaders& headers);

// The answer's rows are committed, the lake's last commit being `commit`: from here on its address is asked for
// changes, if the answer named what to ask with. `sent` is the request as it went out. E8009, E8006.
Result<void> remember_stored(const Answer& answer, const HttpRequest& sent, lake::CommitId commit, Books& books,
                             Http& http);
// The same of a stored body that was read again and gave rows.
Result<void> remember_again(const Answer& answer, lake::CommitId commit, Books& books);

// What a 304 becomes for `parse`: the whole answer that it stands for. E0009, E8005 when its body cannot be had.
struct Whole {
  std::string body;
  HttpHeaders headers;
};
Result<Whole> whole_answer(const Answer& answer, const Books& books, const Archive& archive);

// True when what the stored body says is in the lake already: it was read by the same question, and nothing of the
// source was hidden since.
Result<bool> is_held(const Answer& answer, const Books& books, const lake::Lake& lake);

}  // namespace lode::flow
