;; Says for ever that it panics, at length, and never does.
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (loop $for_ever
      (call $panicked (i32.const 0x10000) (i32.const 0x40000) (i32.const 0x100) (i32.const 4) (i32.const 1))
      (br $for_ever))
    unreachable)
