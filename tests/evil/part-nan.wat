;; A part that is no number.
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (drop (call $plain (f64.const 1)))
    (i32.store (i32.const 40) (i32.const 0x80)) (i32.store (i32.const 44) (i32.const 1))
    (i32.store (i32.const 0x80) (i32.const 0x100)) (i32.store (i32.const 0x84) (i32.const 4))
    (f64.store (i32.const 0x88) (f64.const nan))
    (i32.const 0))
