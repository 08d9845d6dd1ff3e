;; One part, whose name is 1 MiB.
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (drop (call $plain (f64.const 1)))
    (i32.store (i32.const 40) (i32.const 0x80)) (i32.store (i32.const 44) (i32.const 1))
    (i32.store (i32.const 0x80) (i32.const 0x10000)) (i32.store (i32.const 0x84) (i32.const 0x100000))
    (i32.const 0))
