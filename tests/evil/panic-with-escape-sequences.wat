;; Panics with words that would recolour a terminal and pretend to be restem's.
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (call $panicked (i32.const 0x200) (i32.const 64) (i32.const 0x250) (i32.const 11) (i32.const 42))
    unreachable)
;;@ more data
  (data (i32.const 0x200) "index out of bounds\1b[31m\0aerror: restem is broken\0d\0a  hint: run me")
  (data (i32.const 0x250) "src/evil.rs")
