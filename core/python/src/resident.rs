//! Keeps the memory of an instance that is dropped cheap to reset.
//!
//! Most instances are made as they began and used again (`reset`); those whose run was stopped or took more memory are dropped.
//! wasmtime gives a pooled memory back by copying over the pages that a run wrote, which stay mapped: the next run takes no
//! page faults. But it does so for the first 32 stretches of such pages only and unmaps what is behind them, and Python writes to a
//! page here and a page there, in a hundred places. So before an instance is dropped the small gaps between those are made part of
//! them, until there are few stretches. What a run can see does not depend on any of this: wasmtime resets the memory, whatever was done here.

use std::hint::black_box;
use std::ops::Range;

use crate::page_map::{PAGE, PageMap};

/// Stretches of written pages that wasmtime resets in place, less one for the memory's growing end.
const STRETCHES: usize = 31;

/// Pages that may be copied over after each run, 6 MB: with more, faults are cheaper.
pub(crate) const KEPT_PAGES: usize = 1536;

/// Makes the written pages of `memory` few stretches, or gives them all up where that would take too many pages.
pub(crate) fn settle(page_map: &PageMap, memory: &mut [u8]) {
    let Some(written) = page_map.written(memory) else {
        return;
    };
    match plan(&written) {
        Plan::Leave => {}
        Plan::Fill(gaps) => {
            for page in gaps.into_iter().flatten() {
                // Writing the byte that is there gives this process its own copy of the page.
                memory[page * PAGE] = black_box(memory[page * PAGE]);
            }
        }
        Plan::GiveUp => give_up(memory),
    }
}

/// What to do with written pages.
#[derive(Debug, PartialEq, Eq)]
enum Plan {
    /// They are few.
    Leave,
    /// Write to these pages, too.
    Fill(Vec<Range<usize>>),
    /// Unmap all, so that the next run begins with none.
    GiveUp,
}

fn plan(written: &[Range<usize>]) -> Plan {
    let mut gaps: Vec<_> = written
        .windows(2)
        .map(|pair| pair[0].end..pair[1].start)
        .collect();
    gaps.sort_by_key(Range::len);
    gaps.truncate((gaps.len() + 1).saturating_sub(STRETCHES));
    let pages: usize = written.iter().chain(&gaps).map(Range::len).sum();
    if pages > KEPT_PAGES {
        Plan::GiveUp
    } else if gaps.is_empty() {
        Plan::Leave
    } else {
        Plan::Fill(gaps)
    }
}

fn give_up(memory: &mut [u8]) {
    #[expect(unsafe_code, reason = "no other way gives pages back")]
    // SAFETY: the range is a live, page-aligned mapping that is borrowed mutably and holds bytes of any value: private copies of
    // an image, or zeros, which is what is read there afterwards.
    let given = unsafe {
        rustix::mm::madvise(
            memory.as_mut_ptr().cast(),
            memory.len(),
            rustix::mm::Advice::LinuxDontNeed,
        )
    };
    // What stays is reset by wasmtime.
    let _ = given;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::Pages;

    #[test]
    fn few_written_pages_are_left() {
        assert_eq!(plan(&[]), Plan::Leave);
        let few: Vec<_> = (0..STRETCHES).map(|at| at * 10..at * 10 + 1).collect();
        assert_eq!(plan(&few), Plan::Leave);
    }

    #[test]
    fn the_smallest_gaps_are_filled_until_the_stretches_are_few() {
        // Gaps of 1, 2, 3, … pages.
        let mut written = Vec::new();
        let mut at = 0;
        for gap in 1..=STRETCHES + 1 {
            written.push(at..at + 1);
            at += 1 + gap;
        }
        assert_eq!(written.len(), STRETCHES + 1);
        assert_eq!(plan(&written), Plan::Fill(std::iter::once(1..2).collect()));
        written.insert(0, 0..0);
        assert_eq!(plan(&written), Plan::Fill(vec![0..0, 1..2]));
    }

    #[test]
    fn too_many_pages_are_given_up() {
        assert_eq!(plan(std::slice::from_ref(&(0..KEPT_PAGES))), Plan::Leave);
        assert_eq!(
            plan(&[0..KEPT_PAGES, KEPT_PAGES + 1..KEPT_PAGES + 2]),
            Plan::GiveUp
        );
    }

    #[test]
    fn written_pages_are_made_few_stretches_or_given_up() {
        // Whether there has to be one is tested beside it.
        let Some(map) = PageMap::open() else { return };
        let mut pages = Pages::new(4 * KEPT_PAGES).unwrap();
        let stretches = |pages: &mut Pages| map.written(pages.memory()).unwrap();
        for page in (0..200).step_by(2) {
            pages.memory()[page * PAGE] = 7;
        }
        settle(&map, pages.memory());
        assert!(stretches(&mut pages).len() <= STRETCHES);
        assert_eq!((pages.memory()[4 * PAGE], pages.memory()[5 * PAGE]), (7, 0));
        for page in 0..=KEPT_PAGES {
            pages.memory()[page * PAGE] = 1;
        }
        settle(&map, pages.memory());
        assert!(stretches(&mut pages).is_empty());
    }
}
