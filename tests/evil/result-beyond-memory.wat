;; A score at the end of the address space.
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (i32.const 0xfffffff8))
