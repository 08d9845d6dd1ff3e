//! The program in a completion.

use crate::config::Extract;

/// A line that opens or closes a fenced block.
struct Fence<'a> {
    mark: u8,
    length: usize,
    indent: usize,
    info: &'a str,
}

fn fence(line: &str) -> Option<Fence<'_>> {
    let text = line.trim_start_matches([' ', '\t']);
    let mark = *text.as_bytes().first()?;
    if mark != b'`' && mark != b'~' {
        return None;
    }
    let length = text.bytes().take_while(|byte| *byte == mark).count();
    let info = text[length..].trim();
    // Inline code such as ```x``` is no fence.
    (length >= 3 && !info.contains('`')).then_some(Fence {
        mark,
        length,
        indent: line.len() - text.len(),
        info,
    })
}

impl Fence<'_> {
    fn is_closed_by(&self, other: &Fence<'_>) -> bool {
        other.mark == self.mark && other.length >= self.length && other.info.is_empty()
    }

    fn language(&self) -> Language {
        let name = self.info.split([' ', ',', '{', ':']).next().unwrap_or_default();
        match name.to_ascii_lowercase().as_str() {
            "" => Language::Unmarked,
            "python" | "python3" | "py" | "py3" | "sage" | "pypy" | "pypy3" => Language::Python,
            _ => Language::Other,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    Python,
    Unmarked,
    Other,
}

struct Block<'a> {
    language: Language,
    indent: usize,
    lines: Vec<&'a str>,
}

impl Block<'_> {
    fn code(&self) -> String {
        let mut code = String::new();
        for line in &self.lines {
            let spaces = line.len() - line.trim_start_matches([' ', '\t']).len();
            code.push_str(&line[self.indent.min(spaces)..]);
            code.push('\n');
        }
        code
    }
}

/// Lines of the fenced blocks of a text; an unclosed one reaches to the end.
fn blocks<'a>(text: &'a str, prompt: &'a str) -> Vec<Block<'a>> {
    let mut blocks = Vec::new();
    let mut open = open_at_the_end(prompt).map(|fence| {
        let block = Block {
            language: fence.language(),
            indent: fence.indent,
            lines: Vec::new(),
        };
        (fence, block)
    });
    for line in text.lines() {
        let found = fence(line);
        match (open.take(), found) {
            (Some((opening, block)), Some(fence)) if opening.is_closed_by(&fence) => blocks.push(block),
            (Some((opening, mut block)), _) => {
                block.lines.push(line);
                open = Some((opening, block));
            }
            (None, Some(fence)) => {
                let block = Block {
                    language: fence.language(),
                    indent: fence.indent,
                    lines: Vec::new(),
                };
                open = Some((fence, block));
            }
            (None, None) => {}
        }
    }
    blocks.extend(open.map(|(_, block)| block));
    blocks
}

fn open_at_the_end(prompt: &str) -> Option<Fence<'_>> {
    let mut open: Option<Fence<'_>> = None;
    for fence in prompt.lines().filter_map(fence) {
        open = match open {
            Some(opening) if opening.is_closed_by(&fence) => None,
            Some(opening) => Some(opening),
            None => Some(fence),
        };
    }
    open
}

/// The program in a completion; None when there is none.
///
/// `prompt` counts where it ends inside an open fence: the completion then starts inside that block.
#[must_use]
pub fn program(completion: &str, prompt: Option<&str>, extract: Extract) -> Option<String> {
    let code = match extract {
        Extract::Whole => completion.to_owned(),
        Extract::LastBlock => {
            let blocks = blocks(completion, prompt.unwrap_or_default());
            let last = |language| {
                let mut blocks = blocks.iter().rev();
                blocks
                    .find(|block| block.language == language)
                    .map(Block::code)
                    .filter(|code| !code.trim().is_empty())
            };
            match last(Language::Python).or_else(|| last(Language::Unmarked)) {
                Some(code) => code,
                None if blocks.is_empty() => completion.to_owned(),
                None => return None,
            }
        }
    };
    (!code.trim().is_empty()).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last(completion: &str) -> Option<String> {
        program(completion, None, Extract::LastBlock)
    }

    #[test]
    fn the_last_python_block_counts() {
        let text = "First:\n```python\na\n```\nBetter:\n```Python3\nb\n\nc\n```\nIt prints\n```\n5\n```\nor\n```text\n6\n```\n";
        assert_eq!(last(text).as_deref(), Some("b\n\nc\n"));
    }

    #[test]
    fn without_a_python_block_the_last_unmarked_one_counts() {
        assert_eq!(last("```\na\n```\n```cpp\nb\n```\n").as_deref(), Some("a\n"));
    }

    #[test]
    fn blocks_in_other_languages_are_no_program() {
        assert_eq!(last("```cpp\nint main() {}\n```"), None);
        assert_eq!(last("```python\n\n```"), None);
    }

    #[test]
    fn an_unclosed_block_reaches_to_the_end() {
        assert_eq!(last("So:\n```py\na\n  b").as_deref(), Some("a\n  b\n"));
    }

    #[test]
    fn without_fences_everything_is_the_program_with_its_indent() {
        assert_eq!(last("    return 1\n").as_deref(), Some("    return 1\n"));
        assert_eq!(last(" \n\n"), None);
    }

    #[test]
    fn a_prompt_that_opens_a_fence_is_continued() {
        let code = program(
            "x\n```\nwhich is it.\n",
            Some("Solve it.\n```python\n"),
            Extract::LastBlock,
        );
        assert_eq!(code.as_deref(), Some("x\n"));
        let code = program(
            "```python\nx\n```",
            Some("```\nexample\n```\n"),
            Extract::LastBlock,
        );
        assert_eq!(code.as_deref(), Some("x\n"));
    }

    #[test]
    fn an_indented_block_loses_its_indent() {
        assert_eq!(
            last("1. So:\n   ```python\n   if x:\n       y\n   ```\n").as_deref(),
            Some("if x:\n    y\n")
        );
    }

    #[test]
    fn longer_fences_and_inline_code_do_not_end_a_block() {
        assert_eq!(
            last("````python\n'''\n```\n'''\n````\n").as_deref(),
            Some("'''\n```\n'''\n")
        );
        assert_eq!(
            last("```print(1)``` is it").as_deref(),
            Some("```print(1)``` is it")
        );
    }

    #[test]
    fn whole_takes_everything() {
        let text = "```python\na\n```\n";
        assert_eq!(program(text, None, Extract::Whole).as_deref(), Some(text));
    }
}
