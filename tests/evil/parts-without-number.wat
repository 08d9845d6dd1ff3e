;; A list of 130,000 parts, as many as its memory holds.
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (drop (call $plain (f64.const 1)))
    (i32.store (i32.const 40) (i32.const 0x10000)) (i32.store (i32.const 44) (i32.const 130000))
    (i32.const 0))
