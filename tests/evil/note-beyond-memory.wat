;; A note that says to be 2 GiB long.
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (drop (call $plain (f64.const 1)))
    (i32.store8 (i32.const 28) (i32.const 1))
    (i32.store (i32.const 32) (i32.const 0x20000)) (i32.store (i32.const 36) (i32.const 0x7fffffff))
    (i32.const 0))
