//! What sampling's cache takes, in words.

use restem_policy::native::CacheMemory;

/// The cache's bound, and how much of it the samples of a full decode step take; prompts come on top.
pub(crate) fn of_sampling(cache: CacheMemory, rows: u32, max_tokens: u32) -> String {
    let of_samples = cache
        .token_bytes
        .saturating_mul(u64::from(rows) * u64::from(max_tokens));
    let bound = match cache.bytes {
        u64::MAX => "no bound".to_owned(),
        bytes => format!("at most {}", gib(bytes)),
    };
    format!(
        "cache: {bound}; a token takes {:.1} KiB, {rows} samples of {max_tokens} tokens {}",
        cache.token_bytes as f64 / 1024.0,
        gib(of_samples)
    )
}

fn gib(bytes: u64) -> String {
    format!("{:.2} GiB", bytes as f64 / f64::from(1 << 30))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_and_the_need_are_said_in_the_same_unit() {
        let cache = CacheMemory {
            bytes: 3 << 29,
            token_bytes: 18 << 10,
        };
        insta::assert_snapshot!(of_sampling(cache, 64, 128), @"cache: at most 1.50 GiB; a token takes 18.0 KiB, 64 samples of 128 tokens 0.14 GiB");
        let free = CacheMemory {
            bytes: u64::MAX,
            ..cache
        };
        assert!(of_sampling(free, 1, 1).starts_with("cache: no bound"));
    }
}
