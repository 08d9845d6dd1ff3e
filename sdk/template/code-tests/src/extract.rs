//! Which part of a completion is its program.

/// What stands in the last fenced block, else all of it.
pub(crate) fn program(completion: &str) -> &str {
    const FENCE: &str = "```";
    let mut found = completion;
    let mut rest = completion;
    while let Some(open) = rest.find(FENCE) {
        // The rest of the opening line names the language.
        let Some((_, inside)) = rest[open..].split_once('\n') else {
            break;
        };
        let (block, after) = inside.split_once(FENCE).unwrap_or((inside, ""));
        found = block;
        rest = after;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::program;

    #[test]
    fn the_last_block_is_the_program() {
        let text = "First:\n```python\nprint(1)\n```\nBetter:\n```python\nprint(2)\n```\nDone.";
        assert_eq!(program(text), "print(2)\n");
    }

    #[test]
    fn without_a_block_everything_is() {
        assert_eq!(program("print(1)"), "print(1)");
    }

    #[test]
    fn a_block_that_is_not_closed_goes_to_the_end() {
        assert_eq!(program("```python\nprint(1)\n"), "print(1)\n");
    }
}
