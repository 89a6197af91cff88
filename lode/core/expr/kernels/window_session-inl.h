// Window kernels for a single session, as in a stream: there are no other rows whose sums could run beside this one's,
// so several registers of instruments do. Read by window-inl.h.
//
// SPDX-License-Identifier: Apache-2.0

// Highway's guard for headers that are read once a target.
#if defined(LODE_CORE_EXPR_KERNELS_WINDOW_SESSION_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LODE_CORE_EXPR_KERNELS_WINDOW_SESSION_INL_H_
#undef LODE_CORE_EXPR_KERNELS_WINDOW_SESSION_INL_H_
#else
#define LODE_CORE_EXPR_KERNELS_WINDOW_SESSION_INL_H_
#endif

HWY_BEFORE_NAMESPACE();
namespace lode::expr::kernels::HWY_NAMESPACE {

// True where every row of the window is valid.
template <int kOperands, class N, class S>
HWY_INLINE typename N::Mask is_whole(const FullWindow<N, S>& window) {
  const N most = largest<N>();
  typename N::Mask result = less_equal(abs(window.x(0)), most);
  for (int k = 0; k < window.days(); ++k) {
    result = both<N>(result, less_equal(abs(window.x(k)), most));
    if constexpr (kOperands == 2) {
      result = both<N>(result, less_equal(abs(window.y(k)), most));
    }
  }
  return result;
}

// A body may promise that a missing row makes its result missing: then no one need look for one.
template <class Body>
bool spreads_missing(const KernelArguments& arguments) {
  if constexpr (requires { Body::spreads_missing(arguments); }) {
    return Body::spreads_missing(arguments);
  } else {
    return false;
  }
}

// The lanes from `lane` on, as many at a time as N has; gives the first that is left.
template <class Body, class N, class S>
HWY_INLINE std::size_t run_session_lanes(const KernelCall<S>& call, std::size_t lane) {
  const int days = window_days(call.arguments);
  const bool is_told_by_result = spreads_missing<Body>(call.arguments);
  const std::size_t oldest = call.history + 1 - static_cast<std::size_t>(days);
  const Tile<const S>& x = call.operands[0];
  const Tile<const S>& y = call.operands[Body::kOperands - 1];
  for (; lane + N::kCount <= call.out.width; lane += N::kCount) {
    const FullWindow<N, S> window({x.row(oldest) + lane, x.stride, y.row(oldest) + lane, y.stride}, days);
    N result = Body::template run<N>(window, call.arguments);
    if (!is_told_by_result) {
      result = select<N>(is_whole<Body::kOperands>(window), result, missing<N>());
    }
    result.store_rows(call.out.cells + lane, 0);
  }
  return lane;
}

template <class Body, class Cell, class S>
void run_session(const KernelCall<S>& call) {
  using L = Lanes<Cell>;
  constexpr std::size_t kRegisters = L::kCount / hn::MaxLanes(hn::ScalableTag<Cell>());
  std::size_t lane = 0;
  if constexpr (4 * kRegisters <= Body::kRegisters) {
    lane = run_session_lanes<Body, Pair<Pair<L>>>(call, lane);
  }
  if constexpr (2 * kRegisters <= Body::kRegisters) {
    lane = run_session_lanes<Body, Pair<L>>(call, lane);
  }
  run_session_lanes<Body, L>(call, lane);
}

}  // namespace lode::expr::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LODE_CORE_EXPR_KERNELS_WINDOW_SESSION_INL_H_
