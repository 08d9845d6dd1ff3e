//! The plugin's configuration.

use restem_sdk::prelude::*;
use restem_sdk::python::Limits;

/// Imports that judges of functions provide: what APPS's own harness puts in front of every program.
const PREAMBLE: &str = "\
import sys, os, re, math, cmath, string, random, time, copy, json, bisect, heapq, operator, itertools, functools, collections, fractions, decimal, datetime
from typing import *
from math import sqrt, sin, cos, tan, ceil, fabs, floor, gcd, exp, log, log2
from heapq import heappush, heappop, heapify, heappushpop, heapreplace, nlargest, nsmallest
from bisect import bisect_left, bisect_right, insort
from functools import lru_cache, cache, reduce, cmp_to_key
from itertools import accumulate, product, permutations, combinations
from collections import Counter, OrderedDict, deque, defaultdict, ChainMap, namedtuple
";

/// Which part of a completion is its program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Extract {
    /// The last fenced block that is marked as Python, else the last one without a mark, else, in a completion without fences, all of it.
    #[default]
    LastBlock,
    /// All of it.
    Whole,
}

/// How programs are found, run and compared.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Which part of a completion is its program.
    pub extract: Extract,
    /// Seconds of the reference machine for each test, converted to fuel: the same amount of work on every machine. In the sandbox Python
    /// takes about 2.5 times as long as natively, so the default stands for the 4 s of APPS's own harness.
    pub time_limit_seconds: f64,
    /// MiB of memory for each test, the interpreter's own 50 or so included.
    pub memory_mib: u32,
    /// MiB of standard output for each test.
    pub output_mib: u32,
    /// Whether the first failing test ends the judgement. The rest would not change a reward of 0.
    pub stop_at_first_failure: bool,
    /// Whether the reward is the fraction of tests passed, instead of 1 for all of them and 0 for fewer. All tests are run then.
    #[schemars(extend("x-restem-graded-when" = true))]
    pub partial_credit: bool,
    /// Use at most so many tests of each problem, the first ones.
    pub max_tests: Option<u32>,
    /// Whether assert-style tests run inside the program's own interpreter, for tests whose values can't cross from one to another.
    /// The program can then read and change what it is compared with: only for programs that you trust.
    pub same_instance: bool,
    /// Whether MBPP's `challenge_test_list` counts too.
    pub challenge_tests: bool,
    /// Relative tolerance for printed numbers whose expected form is a float; a thousandth of it is the absolute tolerance near 0.
    pub printed_float_tolerance: f64,
    /// The same for floats that a function returns.
    pub returned_float_tolerance: f64,
    /// Python source that stands in front of programs that define functions (call-based and assert-style problems), where judges provide imports.
    pub preamble: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            extract: Extract::LastBlock,
            time_limit_seconds: 10.0,
            memory_mib: 256,
            output_mib: 8,
            stop_at_first_failure: true,
            partial_credit: false,
            max_tests: None,
            same_instance: false,
            challenge_tests: false,
            printed_float_tolerance: 1e-5,
            returned_float_tolerance: 1e-9,
            preamble: PREAMBLE.to_owned(),
        }
    }
}

impl Config {
    /// Refuses values that make no sense.
    ///
    /// # Errors
    /// [`ConfigError`] with the key, its value and what is expected.
    pub fn check(&self) -> Result<(), ConfigError> {
        if !(self.time_limit_seconds > 0.0 && self.time_limit_seconds <= 3600.0) {
            return Err(ConfigError::new(format_args!(
                "`time_limit_seconds` is {}: give seconds above 0 and at most 3600",
                self.time_limit_seconds
            )));
        }
        for (key, value) in [
            ("printed_float_tolerance", self.printed_float_tolerance),
            ("returned_float_tolerance", self.returned_float_tolerance),
        ] {
            if !(0.0..=0.1).contains(&value) {
                return Err(ConfigError::new(format_args!(
                    "`{key}` is {value}: give a relative tolerance from 0 to 0.1"
                )));
            }
        }
        for (key, value) in [
            ("memory_mib", Some(self.memory_mib)),
            ("output_mib", Some(self.output_mib)),
            ("max_tests", self.max_tests),
        ] {
            if value == Some(0) {
                return Err(ConfigError::new(format_args!("`{key}` is 0: give at least 1")));
            }
        }
        Ok(())
    }

    /// Bounds of one run.
    #[must_use]
    pub fn limits(&self) -> Limits {
        Limits::default()
            .with_seconds(self.time_limit_seconds)
            .with_memory_bytes(u64::from(self.memory_mib) << 20)
            .with_output_bytes(u64::from(self.output_mib) << 20)
    }
}

#[cfg(test)]
mod tests {
    use restem_sdk::testing;

    use crate::AppsUnitTests;

    fn refusal(config: &str) -> String {
        testing::open::<AppsUnitTests>(config).unwrap_err().to_string()
    }

    #[test]
    fn values_that_make_no_sense_are_refused_with_their_key() {
        insta::assert_snapshot!(refusal(r#"{"time_limit_seconds": 0}"#), @"`time_limit_seconds` is 0: give seconds above 0 and at most 3600");
        insta::assert_snapshot!(refusal(r#"{"printed_float_tolerance": 1}"#), @"`printed_float_tolerance` is 1: give a relative tolerance from 0 to 0.1");
        insta::assert_snapshot!(refusal(r#"{"max_tests": 0}"#), @"`max_tests` is 0: give at least 1");
        assert!(refusal(r#"{"extract": "first"}"#).starts_with("`extract`: unknown variant `first`"));
        assert!(refusal(r#"{"timeout": 1}"#).starts_with("`timeout`: unknown field"));
    }

    #[test]
    fn limits_come_from_the_configuration_alone() {
        let config = super::Config {
            time_limit_seconds: 0.5,
            memory_mib: 100,
            output_mib: 1,
            ..super::Config::default()
        };
        let limits = config.limits();
        assert_eq!(
            (limits.fuel, limits.memory_bytes, limits.output_bytes),
            (5_000_000_000, 100 << 20, 1 << 20)
        );
    }
}
