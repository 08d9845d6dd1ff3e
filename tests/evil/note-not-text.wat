;; A note that is not UTF-8.
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (drop (call $plain (f64.const 1)))
    (i32.store8 (i32.const 28) (i32.const 1))
    (i32.store (i32.const 32) (i32.const 0x200)) (i32.store (i32.const 36) (i32.const 4))
    (i32.const 0))
;;@ more data
  (data (i32.const 0x200) "a\ff\feb")
