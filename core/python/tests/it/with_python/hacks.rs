//! Every program of `tests/hacks` gets what it earned, and its neighbours notice nothing.

use crate::hack::Hack;
use crate::setup::run;

const NEIGHBOUR: &str = "import sys\nprint(sum(map(int, sys.stdin.read().split())), hash('x'))";

#[test]
#[ignore = "needs the interpreter that `restem python install` makes"]
fn each_hack_gets_what_it_earned_and_the_neighbours_notice_nothing() {
    let hacks = Hack::all();
    assert!(hacks.len() >= 60, "only {} hacks", hacks.len());
    let alone = run(NEIGHBOUR, "1 2 3");
    let mut wrong = Vec::new();
    for hack in &hacks {
        let execution = hack.run();
        let differences = hack.differences(&execution);
        if !differences.is_empty() {
            wrong.push(format!("{}: {differences:#?}\n{execution:#?}", hack.name));
        }
        assert_eq!(hack.run(), execution, "{} again", hack.name);
        assert_eq!(run(NEIGHBOUR, "1 2 3"), alone, "after {}", hack.name);
    }
    assert!(
        wrong.is_empty(),
        "{} of {} hacks:\n{}",
        wrong.len(),
        hacks.len(),
        wrong.join("\n")
    );
}
