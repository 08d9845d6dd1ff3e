;; A fault whose message is 256 KiB of nothing.
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (i32.store8 (i32.const 0) (i32.const 1)) (i32.store8 (i32.const 8) (i32.const 1))
    (i32.store (i32.const 12) (i32.const 0x10000)) (i32.store (i32.const 16) (i32.const 0x40000))
    (i32.const 0))
