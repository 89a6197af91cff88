// vector-ta's side of bench/indicators: reads open, high, low, close, volume as doubles, one series after another, and prints
// CPU nanoseconds a bar of each of ten indicators, the least of some runs, as one JSON object.
//
// SPDX-License-Identifier: Apache-2.0
use std::hint::black_box;
use std::io::Read;

use vector_ta::indicators::atr::{atr, AtrInput, AtrParams};
use vector_ta::indicators::bollinger_bands::{bollinger_bands, BollingerBandsInput, BollingerBandsParams};
use vector_ta::indicators::macd::{macd, MacdInput, MacdParams};
use vector_ta::indicators::moving_averages::ema::{ema, EmaInput, EmaParams};
use vector_ta::indicators::moving_averages::sma::{sma, SmaInput, SmaParams};
use vector_ta::indicators::moving_averages::vwap::{vwap, VwapInput, VwapParams};
use vector_ta::indicators::moving_averages::wma::{wma, WmaInput, WmaParams};
use vector_ta::indicators::obv::{obv, ObvInput, ObvParams};
use vector_ta::indicators::rsi::{rsi, RsiInput, RsiParams};
use vector_ta::indicators::stoch::{stoch, StochInput, StochParams};

fn cpu_ns() -> f64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut now) };
    now.tv_sec as f64 * 1e9 + now.tv_nsec as f64
}

fn least(bars: usize, mut call: impl FnMut()) -> f64 {
    call();
    let (mut best, mut spent, mut turns) = (f64::INFINITY, 0.0, 0);
    while turns < 3 || (spent < 2e8 && turns < 200) {
        let begin = cpu_ns();
        call();
        let took = cpu_ns() - begin;
        best = best.min(took);
        spent += took;
        turns += 1;
    }
    best / bars as f64
}

fn main() {
    let bars: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).expect("the number of bars");
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).expect("bars on stdin");
    let cells: Vec<f64> = bytes.chunks_exact(8).map(|cell| f64::from_le_bytes(cell.try_into().unwrap())).collect();
    assert_eq!(cells.len(), 5 * bars, "five series of so many bars");
    let series: Vec<&[f64]> = cells.chunks_exact(bars).collect();
    let (high, low, close, volume) = (series[1], series[2], series[3], series[4]);
    let days: Vec<i64> = (0..bars as i64).map(|day| day * 86_400_000).collect();
    let times = [
        ("sma", least(bars, || drop(black_box(sma(&SmaInput::from_slice(close, SmaParams { period: Some(30) })))))),
        ("ema", least(bars, || drop(black_box(ema(&EmaInput::from_slice(close, EmaParams { period: Some(30) })))))),
        ("wma", least(bars, || drop(black_box(wma(&WmaInput::from_slice(close, WmaParams { period: Some(30) })))))),
        ("rsi", least(bars, || drop(black_box(rsi(&RsiInput::from_slice(close, RsiParams { period: Some(14) })))))),
        ("macd", least(bars, || drop(black_box(macd(&MacdInput::from_slice(close, MacdParams::default())))))),
        ("stoch", least(bars, || drop(black_box(stoch(&StochInput::from_slices(high, low, close, StochParams::default())))))),
        ("bbands", least(bars, || drop(black_box(bollinger_bands(&BollingerBandsInput::from_slice(close, BollingerBandsParams::default())))))),
        ("atr", least(bars, || drop(black_box(atr(&AtrInput::from_slices(high, low, close, AtrParams { length: Some(14) })))))),
        ("obv", least(bars, || drop(black_box(obv(&ObvInput::from_slices(close, volume, ObvParams)))))),
        ("vwap", least(bars, || drop(black_box(vwap(&VwapInput::from_slice(&days, volume, close, VwapParams::default())))))),
    ];
    let rows: Vec<String> = times.iter().map(|(name, ns)| format!("\"{name}\": {ns}")).collect();
    println!("{{{}}}", rows.join(", "));
}
