//! Elementwise functions of rows that don't depend on where a row lies.
//!
//! libtorch divides elements among threads and computes `exp`, `tanh` and the like on whole vectors. What is left at the end of
//! a thread's range goes through other instructions, with other last digits: a range that ends inside a row would make the row's
//! values depend on its place.

use tch::{Device, Tensor};

/// Elements from which on libtorch divides the work: the smaller of the two grains that its functions have.
const UNDIVIDED: i64 = 16_384;
/// The larger one.
const LARGER_GRAIN: i64 = 32_768;

/// Elements of two whole vectors, of whatever instructions.
const VECTORS: i64 = 64;

/// `function` of `x [rows, width]`, elementwise, each row as if it were alone or among any others of as many.
pub(crate) fn row_by_row(x: &Tensor, function: impl Fn(&Tensor) -> Tensor) -> Tensor {
    let (rows, width) = (x.size()[0], x.size()[1]);
    let threads = i64::from(tch::get_num_threads());
    if x.device() != Device::Cpu || ranges_end_between_rows(rows, width, threads) {
        return function(x);
    }
    let at_once = ((UNDIVIDED - 1) / width).max(1);
    let pieces = (0..rows).step_by(at_once as usize);
    let pieces: Vec<Tensor> = pieces
        .map(|first| function(&x.narrow(0, first, at_once.min(rows - first))))
        .collect();
    Tensor::cat(&pieces, 0)
}

/// How many of `most` blocks of `size` elements go through functions at once, so that each is as if it were any other of them.
/// Blocks are whole vectors.
pub(crate) fn blocks_at_once(most: i64, size: i64) -> i64 {
    let threads = i64::from(tch::get_num_threads());
    if ranges_end_between_rows(most * size / VECTORS, VECTORS, threads) {
        most
    } else {
        ((UNDIVIDED - 1) / size).clamp(1, most)
    }
}

/// `count` or more elements of which each thread gets whole vectors.
pub(crate) fn in_whole_vectors(count: i64) -> i64 {
    let whole = VECTORS * i64::from(tch::get_num_threads().max(1));
    ceil(count, whole) * whole
}

fn ranges_end_between_rows(rows: i64, width: i64, threads: i64) -> bool {
    let all = rows * width;
    [UNDIVIDED, LARGER_GRAIN].iter().all(|grain| {
        let ranges = threads.min(ceil(all, *grain));
        ranges <= 1 || ceil(all, ranges) % width == 0
    })
}

fn ceil(all: i64, part: i64) -> i64 {
    (all + part - 1) / part
}

#[cfg(test)]
mod tests {
    use tch::Kind;

    use super::*;

    #[test]
    fn equal_rows_get_equal_bits_wherever_the_ranges_of_threads_end() {
        let before = tch::get_num_threads();
        let row = Tensor::randn([1, 4864], (Kind::Float, Device::Cpu));
        for (threads, rows) in [(1, 64), (2, 64), (2, 33), (3, 64), (3, 7), (5, 17)] {
            tch::set_num_threads(threads);
            for kind in [Kind::Float, Kind::BFloat16] {
                let x = row.to_kind(kind).repeat([rows, 1]);
                for function in [Tensor::silu, Tensor::exp, Tensor::tanh] {
                    let all = row_by_row(&x, function);
                    let first = all.narrow(0, 0, 1).expand_as(&all);
                    assert!(all.equal(&first), "{threads} threads, {rows} rows, {kind:?}");
                }
            }
        }
        tch::set_num_threads(before);
    }

    #[test]
    fn blocks_are_fewer_where_a_range_would_end_inside_a_vector() {
        let before = tch::get_num_threads();
        tch::set_num_threads(2);
        assert_eq!((blocks_at_once(16, 4096), in_whole_vectors(112)), (16, 128));
        tch::set_num_threads(3);
        assert_eq!((blocks_at_once(16, 4096), in_whole_vectors(112)), (3, 192));
        assert_eq!(blocks_at_once(16, 64), 16);
        tch::set_num_threads(before);
    }

    #[test]
    fn ranges_that_end_between_rows_are_left_to_libtorch() {
        assert!(ranges_end_between_rows(64, 2048, 2));
        assert!(ranges_end_between_rows(3, 4864, 3));
        assert!(!ranges_end_between_rows(64, 4864, 3));
        assert!(!ranges_end_between_rows(33, 4864, 2));
    }
}
