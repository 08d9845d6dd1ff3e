;; A fault of a class that does not exist.
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (i32.store8 (i32.const 0) (i32.const 1)) (i32.store8 (i32.const 8) (i32.const 9))
    (i32.store (i32.const 12) (i32.const 0x100)) (i32.store (i32.const 16) (i32.const 4))
    (i32.const 0))
